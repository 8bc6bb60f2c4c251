// Recipes: the same pipeline as data, through the same `g.add`; and the JSON Schema an editor completes them by.
import * as z from 'zod';
import type { AnyRef } from './artifacts.js';
import { IngotError, suggest } from './errors.js';
import type { UntypedAdd } from './graph.js';
import { roleOf, type AnyPart } from './parts.js';
import type { AnyStage } from './stages.js';

const path = z.string().regex(/^[a-z][a-z0-9-]*\.\w+$/, "wants 'stage.port'");
export const Recipe = z.strictObject({
  name: z.string(),
  seed: z.int().default(0),
  stages: z.record(z.string(), z.strictObject({ use: z.string(), from: z.record(z.string(), z.union([path, z.array(path)])).default({}), how: z.record(z.string(), z.unknown()).default({}) })),
  outputs: z.record(z.string(), path),
});
export type Recipe = z.output<typeof Recipe>;

export const parseRecipe = (data: unknown): Recipe => {
  const parsed = Recipe.safeParse(data);
  if (!parsed.success) throw new IngotError('bad-recipe', `The recipe is not well formed:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
};
export const wireRecipe = (recipe: Recipe, add: UntypedAdd): Record<string, AnyRef> => {
  const made = new Map<string, AnyRef>();
  const at = (where: string, path: string) => {
    const ref = made.get(path);
    if (!ref) throw new IngotError('bad-recipe', `Recipe '${recipe.name}', ${where}, refers to '${path}', which no earlier stage makes.${suggest(path, [...made.keys()])}`);
    return ref;
  };
  for (const [id, { use, from, how }] of Object.entries(recipe.stages)) {
    const refs = Object.fromEntries(Object.entries(from).map(([port, path]) => [port, Array.isArray(path) ? path.map((p) => at(`stage '${id}'`, p)) : at(`stage '${id}'`, path)]));
    for (const [port, ref] of Object.entries(add(use, refs, how, id))) made.set(`${id}.${port}`, ref);
  }
  return Object.fromEntries(Object.entries(recipe.outputs).map(([name, path]) => [name, at(`output '${name}'`, path)]));
};

/** One definition per stage and per part role: completion and checking of recipes in any editor. */
export const recipeSchema = (stages: Iterable<AnyStage>, parts: readonly AnyPart[]): object => {
  const json = (schema: z.ZodObject) => z.toJSONSchema(schema, {
    io: 'input', unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => { const role = roleOf(zodSchema); if (role) Object.assign(jsonSchema, { $ref: `#/$defs/${role}` }); },
  }) as { properties: Record<string, object>; required?: string[] };
  const closed = (properties: object, required: readonly string[]) => ({ type: 'object', properties, required, additionalProperties: false });
  const pathSchema = { type: 'string' };
  const stageSchemas = [...stages].map((s) => {
    const [options, view] = [json(s.options), json(s.view)];
    const ports = Object.fromEntries(Object.entries(s.inputs).map(([port, want]) => [port, 'many' in want ? { type: 'array', items: pathSchema } : pathSchema]));
    const required = Object.keys(s.inputs).filter((port) => !('optional' in s.inputs[port]!));
    const mustHow = [...(options.required ?? []), ...(view.required ?? [])];
    return closed({ use: { const: s.name }, from: closed(ports, required), how: closed({ ...options.properties, ...view.properties }, mustHow) }, ['use', ...(required.length ? ['from'] : []), ...(mustHow.length ? ['how'] : [])]);
  });
  const partSchemas = Object.fromEntries([...new Set(parts.map((p) => p.role))].map((role) => [role, {
    oneOf: parts.filter((p) => p.role === role).map((p) => { const o = json(p.options); return closed({ use: { const: p.name }, ...o.properties }, ['use', ...(o.required ?? [])]); }),
  }]));
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', $defs: { stage: { oneOf: stageSchemas }, ...partSchemas }, ...closed({ name: { type: 'string' }, seed: { type: 'integer' }, stages: { type: 'object', additionalProperties: { $ref: '#/$defs/stage' } }, outputs: { type: 'object', additionalProperties: pathSchema } }, ['name', 'stages', 'outputs']) };
};
