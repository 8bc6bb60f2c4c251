// Several stored models on the same tasks, one in memory at a time: what the stage and `ingot eval` call.
import {
  checkTaskNames,
  type EvaluationOptions,
  type EvaluatorService,
  type ModelValue,
  runTasks,
  type TaskContext,
  type TaskValue,
} from '@ingot/contracts';
import { compareModels, type Evaluation, type MeasuredModel } from './compare-models.js';
import type { ComparisonOptions } from './measures.js';

export interface EvaluateModels extends ComparisonOptions {
  readonly evaluator: EvaluatorService;
  /** The model in question first, then those it is compared with. */
  readonly models: readonly [NamedModel, ...NamedModel[]];
  readonly tasks: readonly TaskValue[];
  readonly context?: TaskContext;
  readonly scoring?: EvaluationOptions;
  readonly signal?: AbortSignal;
}
export interface NamedModel {
  readonly name: string;
  readonly model: ModelValue;
}

/** One model's results; it is in memory only meanwhile. */
export async function measureModel(
  { name, model }: NamedModel,
  { evaluator, tasks, context, scoring, signal }: Omit<EvaluateModels, 'models'>,
): Promise<MeasuredModel> {
  const opened = await evaluator.open(model, scoring);
  try {
    return { name, results: await runTasks(tasks, opened, signal, context) };
  } finally {
    opened.dispose();
  }
}

/** Numbers of every model and the first one's difference from each other, with tests and intervals. Throws `duplicate` for two tasks of one name, and what tasks throw. */
export async function evaluateModels(how: EvaluateModels): Promise<Evaluation> {
  checkTaskNames(how.tasks);
  const [first, ...others] = how.models;
  const measured: [MeasuredModel, ...MeasuredModel[]] = [await measureModel(first, how)];
  for (const other of others) measured.push(await measureModel(other, how));
  return compareModels(measured, how);
}
