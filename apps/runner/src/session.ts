// Opens what every command works on: the plugins, the store, and a recipe wired into a pipeline.
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import {
  createIngot,
  folderStore,
  IngotError,
  type AnyStage,
  type Ingot,
  type Pipeline,
  type Plugin,
  type Store,
} from '@ingot/core';
import { UsageError } from './exit-codes.js';
import type { Io } from './io.js';
import { locate } from './recipe/locate.js';
import { loadPlugin } from './recipe/plugins.js';
import { readRecipe, type RecipeFile } from './recipe/read.js';
import { applySets } from './recipe/set.js';

/** The store of a working folder when nobody names one. */
export const DEFAULT_STORE = '.ingot';

type AnyIngot = Ingot<readonly Plugin[]>;
/** A recipe that is wired: nothing has started yet. */
export interface OpenRecipe {
  readonly ingot: AnyIngot;
  readonly pipeline: ReturnType<AnyIngot['fromRecipe']>;
  /** The recipe after `--set`, as plain data without the runner's own fields. */
  readonly recipe: Record<string, unknown>;
  readonly stages: ReadonlyMap<string, AnyStage>;
  /** The same error with the line of the recipe in front, where the recipe is its place. */
  located(error: unknown): unknown;
}

/** Every stage of a list of plugins, by name. */
export const stagesOf = (plugins: readonly Plugin[]): Map<string, AnyStage> =>
  new Map(plugins.flatMap((plugin) => (plugin.stages ?? []).map((stage) => [stage.name, stage] as const)));

/** The folder of the store that a command was given, absolute. */
export const storePath = (io: Io, given: string | undefined): string =>
  resolve(io.cwd, given ?? io.env['INGOT_STORE'] ?? DEFAULT_STORE);

/** Opens the store of a command. */
export const openStore = (io: Io, given: string | undefined): Store => folderStore(storePath(io, given));

/** Opens a store to look into. One that was named and is not there is a mistyped path: throws UsageError; the working folder's own may be still to come. */
export const openExisting = (io: Io, given: string | undefined): Store => {
  const path = storePath(io, given);
  if ((given ?? io.env['INGOT_STORE']) !== undefined && !existsSync(path))
    throw new UsageError(
      `There is no store at ${path}. Wanted a folder that a run has written; got a path where nothing is. Give another --store, or start a run: ingot run <recipe>.`,
    );
  return openStore(io, given);
};

const strings = (value: unknown, where: string): string[] => {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new IngotError('bad-recipe', `${where} wants a list of module names, for example plugins: ['./mine.mjs'].`);
};

/** Errors that a recipe's text can cause. */
const OF_THE_RECIPE = new Set([
  'bad-options',
  'bad-recipe',
  'bad-wiring',
  'unknown-name',
  'duplicate',
  'bad-name',
  'not-keyable',
]);

/** The assignment that an error speaks of: of those for its stage the one with the most names of its path in the text, the last of equals. */
const blamed = (message: string, sets: readonly string[]): string | undefined => {
  const said = message.replaceAll(/^(Its options|Installed as [^:]+): .*$/gm, '').replaceAll(/ Known: .*$/gm, '');
  let best: { readonly set: string; readonly names: number } | undefined;
  for (const set of sets) {
    const [stage = '', ...path] = set.slice(0, set.indexOf('=')).split('.');
    const names = path.filter((part) => new RegExp(`['.\\s→]${part}\\b`).test(said)).length;
    if (said.includes(`'${stage}'`) && names > 0 && names >= (best?.names ?? 0)) best = { set, names };
  }
  return best?.set;
};

const withPlace = (error: unknown, file: RecipeFile, sets: readonly string[]): unknown => {
  if (
    !IngotError.is(error) ||
    !OF_THE_RECIPE.has(error.code) ||
    error.message.startsWith(`${file.path}:`) ||
    error.message.startsWith('--set')
  )
    return error;
  const named = blamed(error.message, sets);
  if (named !== undefined) return new IngotError(error.code, `--set '${named}': ${error.message}`, { cause: error });
  const place = locate(file, error.message);
  return place
    ? new IngotError(error.code, `${file.path}:${place.line}:${place.column}: ${error.message}`, { cause: error })
    : error;
};

/**
 * Reads a recipe, loads the plugins that it names, applies `--set`, and wires it.
 * Throws core's errors with the recipe's line in front.
 */
export const openRecipe = async (
  io: Io,
  builtIn: readonly Plugin[],
  given: string,
  sets: readonly string[] = [],
): Promise<OpenRecipe> => {
  const path = resolve(io.cwd, given);
  const file = readRecipe(path, given);
  const located = (error: unknown) => withPlace(error, file, sets);
  try {
    const { plugins: extra, $schema: _schema, ...data } = file.data;
    const plugins: Plugin[] = [...builtIn];
    for (const specifier of strings(extra, `${given}, plugins`)) plugins.push(await loadPlugin(specifier, path));
    const stages = stagesOf(plugins);
    const recipe = applySets(data, sets, stages);
    const ingot = createIngot({ plugins });
    return { ingot, pipeline: ingot.fromRecipe(recipe), recipe, stages, located };
  } catch (error) {
    throw located(error);
  }
};

/** The folder that paths inside a recipe start from: the working folder, as for every other argument. */
export const recipeFolder = (path: string): string => dirname(path);
export type { Pipeline };
