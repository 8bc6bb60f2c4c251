// The JSON Schema of recipes, checked by ajv on recipes that run and on recipes that do not.
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { fakes } from './fixtures/world.js';
import { createIngot } from './ingot.js';

const ingot = createIngot({ plugins: [fakes()] });
const validate = new Ajv2020({ strict: false }).compile(ingot.recipeSchema());
const yaml = `
name: sums
seed: 3
stages:
  letters: { use: source }
  counted: { use: count, from: { letters: letters.letters }, how: { plus: 1, title: a view, scale: [{ use: nested, inner: { use: times, by: 3 } }] } }
  all: { use: sum, from: { counts: [counted.count, counted.count] } }
outputs: { count: all.count }
`;

test('a recipe in YAML is valid, and runs', async () => {
  const recipe: unknown = parse(yaml);
  expect(validate(recipe), JSON.stringify(validate.errors)).toBe(true);
  expect(await ingot.fromRecipe(recipe).run().result()).toEqual({ count: { count: 26 } }); // 2 · ((3 + 1) · 3 + 1)
});

test.each([
  ['an unknown stage', 'use: source', 'use: sorce'],
  ['an unknown option', 'plus: 1', 'pluss: 1'],
  ['an option of another type', 'plus: 1', 'plus: many'],
  ['an unknown part', 'use: nested', 'use: nesetd'],
  ['another part’s option', 'by: 3', 'p: 3'],
  ['an unknown port', 'counts:', 'count:'],
  ['a list where one is wanted', '{ letters: letters.letters }', '{ letters: [letters.letters] }'],
])('%s is not', (_, from, to) => {
  expect(yaml).toContain(from);
  expect(validate(parse(yaml.replace(from, to)))).toBe(false);
});
