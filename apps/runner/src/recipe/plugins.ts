// Extra plugins that a recipe names: a package or a file, found from the recipe's own folder.
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { resolve as resolveModule } from 'import-meta-resolve';
import { IngotError, type Plugin } from '@ingot/core';

const isPlugin = (value: unknown): value is Plugin =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as Plugin).name === 'string' &&
  ['stages', 'parts', 'services'].some((key) => key in value);

/**
 * Imports a plugin by specifier ('./mine.mjs', '@me/plugin') as seen from `recipePath`: the module's default export, or its export `plugin`.
 * The plugin carries the module's address, so that its stages can run in a child process.
 * Throws 'bad-recipe' when it cannot be found, cannot be loaded, or is no plugin.
 */
export const loadPlugin = async (specifier: string, recipePath: string): Promise<Plugin> => {
  const where = `Plugin '${specifier}' of the recipe`;
  const missing = (why: string, cause?: unknown) =>
    new IngotError(
      'bad-recipe',
      `${where} cannot be found from the recipe's folder: ${why}. Install the package there, or give a path that starts with './'.`,
      { cause },
    );
  let address: string;
  try {
    address = resolveModule(specifier, pathToFileURL(recipePath).href);
  } catch (error) {
    throw missing((error as Error).message.split('\n')[0] ?? '', error);
  }
  if (address.startsWith('file:') && !existsSync(fileURLToPath(address)))
    throw missing(`${fileURLToPath(address)} does not exist`);
  let loaded: Record<string, unknown>;
  try {
    loaded = (await import(address)) as Record<string, unknown>;
  } catch (error) {
    throw new IngotError(
      'bad-recipe',
      `${where} cannot be loaded: ${(error as Error).message}. Wanted a module whose default export is definePlugin({ … }).`,
      { cause: error },
    );
  }
  const plugin = [loaded['default'], loaded['plugin']].find(isPlugin);
  if (!plugin)
    throw new IngotError(
      'bad-recipe',
      `${where} exports no plugin, got ${Object.keys(loaded).join(', ') || 'nothing'}. Wanted a default export made by definePlugin({ … }).`,
    );
  if (plugin.module !== undefined) return plugin;
  // every own property is copied, hidden ones too: core marks a plugin with the copy of core that defined it
  return Object.defineProperties(
    {},
    { ...Object.getOwnPropertyDescriptors(plugin), module: { value: address, enumerable: true } },
  ) as Plugin;
};
