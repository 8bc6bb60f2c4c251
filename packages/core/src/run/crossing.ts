// What a stage needs to run in another process: plugins that it can import there.
import { chosenParts, partAddress, Ready } from '../choice.js';
import { Installed } from '../installed.js';
import type { ModuleCall, Plugin } from '../plugin.js';
import { needsOf } from '../plan/planner.js';
import { labelOf, type World } from '../world.js';
import type { Node } from '../wiring.js';

/** A plugin as another process finds it. */
export interface PluginAddress extends ModuleCall {
  readonly name: string;
}

/** The plugins that another process can import. */
export const crossing = ({ plugins }: World): readonly PluginAddress[] =>
  plugins.flatMap(({ name, module }) =>
    module === undefined ? [] : [{ name, ...(typeof module === 'string' ? { specifier: module } : module) }],
  );

/** Why the stage with its parts and services cannot be made again in another process; undefined when it can. */
export const cannotCross = (node: Node, world: World): string | undefined => {
  const lost = (plugin: Plugin | undefined, what: string) =>
    plugin?.module === undefined
      ? `${what} comes from ${plugin ? `plugin '${plugin.name}'` : 'the application'}, which names no module`
      : undefined;
  const stage = lost(world.owners.get(node.stage.name), `stage '${node.stage.name}'`);
  if (stage !== undefined) return stage;
  for (const part of chosenParts(node.options)) {
    if (!(part instanceof Ready)) return `the inline ${part.role} is a function of this process`;
    const why = lost(
      world.owners.get(partAddress(part.part.role, part.part.name)),
      `the ${part.part.role} '${part.part.name}'`,
    );
    if (why !== undefined) return why;
  }
  const byLabel = new Map(world.plugins.map((plugin) => [labelOf(plugin), plugin]));
  for (const [id, owner] of world.services.reach(needsOf(node), `Stage '${node.id}'`)) {
    if (id === Installed) {
      const outside = world.plugins.find((plugin) => (plugin.parts?.length ?? 0) > 0 && plugin.module === undefined);
      if (outside) return `it may choose any installed part, and plugin '${outside.name}' names no module`;
      continue;
    }
    const why = lost(byLabel.get(owner), `service '${id.description ?? ''}'`);
    if (why !== undefined) return why;
  }
  return undefined;
};
