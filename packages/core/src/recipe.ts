// Recipes: the same pipeline as data, through the same `g.add`.
import * as z from 'zod';
import type { AnyRef } from './kind.js';
import * as messages from './messages.js';
import type { UntypedAdd } from './wiring.js';

const path = z.string().regex(/^[a-z][a-z0-9-]*\.\w+$/, "wants 'stage.port'");
/** The form of a recipe: stages by label in their order, each with what it uses, where its inputs come from, and its options. */
export const Recipe = z.strictObject({
  name: z.string(),
  seed: z.int().default(0),
  stages: z.record(
    z.string(),
    z.strictObject({
      use: z.string(),
      from: z.record(z.string(), z.union([path, z.array(path)])).default({}),
      how: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
  outputs: z.record(z.string(), path),
});
export type Recipe = z.output<typeof Recipe>;

/** Throws `bad-recipe` with every issue and its path. */
export const parseRecipe = (data: unknown): Recipe => {
  const parsed = Recipe.safeParse(data);
  if (!parsed.success) throw messages.badRecipe(z.prettifyError(parsed.error));
  return parsed.data;
};

/** Adds the recipe's stages in their order. Throws `bad-recipe` for a path that no earlier stage makes, and what `add` refuses. */
export const wireRecipe = (recipe: Recipe, add: UntypedAdd): Record<string, AnyRef> => {
  const made = new Map<string, AnyRef>();
  const at = (where: string, from: string) => {
    const ref = made.get(from);
    if (!ref) throw messages.danglingPath(recipe.name, where, from, [...made.keys()]);
    return ref;
  };
  for (const [id, { use, from, how }] of Object.entries(recipe.stages)) {
    const here = `stage '${id}'`;
    const refs = Object.entries(from).map(
      ([port, given]) => [port, Array.isArray(given) ? given.map((one) => at(here, one)) : at(here, given)] as const,
    );
    for (const [port, ref] of Object.entries(add(use, Object.fromEntries(refs), how, id)))
      made.set(`${id}.${port}`, ref);
  }
  return Object.fromEntries(Object.entries(recipe.outputs).map(([name, from]) => [name, at(`output '${name}'`, from)]));
};
