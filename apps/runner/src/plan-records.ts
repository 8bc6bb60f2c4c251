// Turns core's plan rows into the records that the views and the report show: wiring and options come from the recipe and the key's material.
import type { PlanRow } from '@ingot/core';
import type { StageRecord } from './runs/record.js';
import type { OpenRecipe } from './session.js';

interface RecipeStage {
  readonly from?: Readonly<Record<string, string | readonly string[]>>;
  readonly how?: Readonly<Record<string, unknown>>;
}
interface Material {
  readonly options?: unknown;
}

/** One record a stage, in the order of the plan. */
export const planRecords = ({ recipe, stages }: OpenRecipe, rows: readonly PlanRow[]): StageRecord[] => {
  const wired = recipe['stages'] as Readonly<Record<string, RecipeStage>>;
  return rows.map((row) => {
    const { from = {}, how = {} } = wired[row.id] ?? {};
    const viewKeys = Object.keys(stages.get(row.stage)?.view.shape ?? {});
    const { options } = JSON.parse(row.material) as Material;
    return {
      id: row.id, stage: row.stage, key: row.key, hit: row.hit, why: row.why,
      from: Object.fromEntries(Object.entries(from).map(([port, refs]) => [port, typeof refs === 'string' ? [refs] : refs])),
      options,
      view: Object.fromEntries(Object.entries(how).filter(([name]) => viewKeys.includes(name))),
    };
  });
};
