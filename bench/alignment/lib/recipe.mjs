// The recipe with one word exchanged, as a pipeline of the library.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createIngot, plugins } from 'ingot';
import { parse } from 'yaml';

const read = (name) => parse(readFileSync(fileURLToPath(new URL(`../${name}`, import.meta.url)), 'utf8'));

/** A recipe of this folder, and an ingot with the plugins that it names. */
export const openRecipe = async (name) => {
  const { plugins: own = [], ...recipe } = read(name);
  const loaded = await Promise.all(own.map((path) => import(new URL(`../${path}`, import.meta.url).href)));
  return {
    recipe,
    ingot: createIngot({ plugins: [...plugins(), ...loaded.map((module) => module.default)] }),
  };
};

/** Of each method: the settings that were tried, and those that were chosen. */
export const methods = () => read('swap.methods.yaml');

/** All options of a method, given its own: what every method gets beside the recipe, and the shape of a round where it learns online. */
export const optionsOf = (use, { lr, ...own }) => {
  const { common, online, rounds } = methods();
  return { ...(rounds[use] ? { ...online, ...rounds[use] } : common), ...own, optimiser: { use: 'adamw', lr } };
};

/** Only what these outputs need. */
const needed = (stages, paths) => {
  const wanted = new Set();
  const want = (path) => {
    const label = path.split('.')[0];
    if (wanted.has(label)) return;
    wanted.add(label);
    Object.values(stages[label].from ?? {})
      .flat()
      .forEach(want);
  };
  paths.forEach(want);
  return Object.fromEntries(Object.entries(stages).filter(([label]) => wanted.has(label)));
};

/** The same recipe with `aligned` by another method and settings, cut down to the outputs that are named. */
export const swapped = (recipe, { use, how } = {}, outputs = Object.keys(recipe.outputs)) => {
  const { aligned } = recipe.stages;
  const stages = { ...recipe.stages, ...(use && { aligned: { ...aligned, use, how } }) };
  const named = Object.fromEntries(outputs.map((output) => [output, recipe.outputs[output]]));
  return { ...recipe, stages: needed(stages, Object.values(named)), outputs: named };
};
