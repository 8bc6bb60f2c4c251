// The one list of plugins and the programs behind the `ingot` command.
export {};
