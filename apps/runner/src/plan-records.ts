// Turns core's plan rows into the records that the views and the report show: wiring and options come from the recipe and the key's material.
import type { PlanRow, RunEvent } from '@ingot/core';
import { listRuns } from './runs/folder.js';
import type { RunRecord, StageRecord } from './runs/record.js';
import type { OpenRecipe } from './session.js';

interface RecipeStage {
  readonly from?: Readonly<Record<string, string | readonly string[]>>;
  readonly how?: Readonly<Record<string, unknown>>;
}
interface Material {
  readonly options?: unknown;
}
/** FLOP/s that stages of this name reached in earlier runs on this store: all their work over all their time. Undefined where none was measured. */
const speedOf = (runs: readonly RunRecord[], stage: string): number | undefined => {
  let work = 0;
  let seconds = 0;
  for (const run of runs) {
    for (const made of run.stages) {
      const took = run.took[made.key];
      if (made.stage !== stage || made.hit || took === undefined || made.predicted?.flops === undefined) continue;
      work += made.predicted.flops;
      seconds += took / 1000;
    }
  }
  return seconds > 0 && work > 0 ? work / seconds : undefined;
};

const predict = (row: PlanRow, runs: readonly RunRecord[]): StageRecord['predicted'] => {
  const { bytes, flops } = row.estimate ?? {};
  const speed = flops === undefined ? undefined : speedOf(runs, row.stage);
  const took = runs.findLast((run) => run.took[row.key] !== undefined)?.took[row.key];
  const seconds = took === undefined ? (speed === undefined ? undefined : (flops ?? 0) / speed) : took / 1000;
  const found = {
    ...(bytes === undefined ? {} : { bytes }),
    ...(flops === undefined ? {} : { flops }),
    ...(seconds === undefined ? {} : { seconds }),
  };
  return Object.keys(found).length > 0 ? found : undefined;
};

/** One record a stage, in the order of the plan. Time is predicted from what the same artifact, or stages of the same name, took on this store before. */
export const planRecords = ({ recipe, stages }: OpenRecipe, rows: readonly PlanRow[], store: string): StageRecord[] => {
  const wired = recipe['stages'] as Readonly<Record<string, RecipeStage>>;
  const runs = listRuns(store);
  return rows.map((row) => {
    const { from = {}, how = {} } = wired[row.id] ?? {};
    const viewKeys = Object.keys(stages.get(row.stage)?.view.shape ?? {});
    const { options } = JSON.parse(row.material) as Material;
    const predicted = predict(row, runs);
    return {
      id: row.id,
      stage: row.stage,
      key: row.key,
      hit: row.hit,
      why: row.why,
      from: Object.fromEntries(
        Object.entries(from).map(([port, refs]) => [port, typeof refs === 'string' ? [refs] : refs]),
      ),
      options,
      view: Object.fromEntries(Object.entries(how).filter(([name]) => viewKeys.includes(name))),
      ...(predicted ? { predicted } : {}),
      ...(row.estimateAfter ? { predictedAfter: row.estimateAfter } : {}),
    };
  });
};

const asStarted = (
  stage: StageRecord,
  { bytes, flops }: { readonly bytes: number; readonly flops: number },
): StageRecord => {
  const { predictedAfter, ...known } = stage;
  return { ...(predictedAfter ? known : stage), predicted: { ...stage.predicted, bytes, flops } };
};

/** The records as the run went on: what a stage said as it started, and what another run made in the meantime. */
export const asItWent = (stages: readonly StageRecord[], event: RunEvent): readonly StageRecord[] => {
  if (event.type !== 'stage-start' && event.type !== 'stage-cached') return stages;
  return stages.map((stage) => {
    if (stage.id !== event.stage) return stage;
    if (event.type === 'stage-start') return event.estimate ? asStarted(stage, event.estimate) : stage;
    return stage.hit ? stage : { ...stage, hit: true, why: 'made by another run in the meantime' };
  });
};
