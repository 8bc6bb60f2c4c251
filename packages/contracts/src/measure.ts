// Measures as numbers, and tasks run over an open model: what a training stage calls for early stopping.
import { IngotError } from '@ingot/core';
import type { EvaluatedModel } from './evaluator.js';
import type { Measure, TaskContext, TaskValue } from './parts.js';

const showing = { mean: (value: number) => value, exp: Math.exp } as const;

/** The measure of the items at these indices, with repetition for a resample: Σ value·weight / Σ weight, or its exponential where it is shown so. Throws `bad-value` without items. */
export function measureOf({ name, items, shown = 'mean' }: Measure, indices: Iterable<number>): number {
  if (items.length === 0)
    throw new IngotError('bad-value', `The measure '${name}': wanted one item at least, got none.`);
  let sum = 0;
  let weights = 0;
  for (const i of indices) {
    const { value, weight } = items[i] ?? { value: 0, weight: 0 };
    sum += value * weight;
    weights += weight;
  }
  return showing[shown](weights === 0 ? 0 : sum / weights);
}

/** The measure's number, over all of its items. Throws `bad-value` without items. */
export const measureValue = (measure: Measure): number => measureOf(measure, measure.items.keys());

/** Throws `duplicate` when two tasks have one name: their measures could not be told apart. */
export function checkTaskNames(tasks: readonly TaskValue[]): void {
  const seen = new Set<string>();
  for (const { name } of tasks) {
    if (seen.has(name))
      throw new IngotError(
        'duplicate',
        `Evaluation: two tasks are named '${name}'. Give one of them another name with its option 'name'.`,
      );
    seen.add(name);
  }
}

/** What one task said of one model. */
export interface MeasuredTask {
  readonly task: string;
  readonly measures: readonly Measure[];
}

/** The measures of every task, in order. Throws `duplicate` for two tasks of one name, and what a task throws. */
export async function runTasks(
  tasks: readonly TaskValue[],
  model: EvaluatedModel,
  signal?: AbortSignal,
  context?: TaskContext,
): Promise<MeasuredTask[]> {
  checkTaskNames(tasks);
  const done: MeasuredTask[] = [];
  for (const task of tasks) {
    signal?.throwIfAborted();
    done.push({ task: task.name, measures: await task.run(model, signal, context) });
  }
  return done;
}

/** One number a measure, named `task/measure`: what a training loop logs and stops early by. Throws what `runTasks` throws. */
export async function measureAll(
  tasks: readonly TaskValue[],
  model: EvaluatedModel,
  signal?: AbortSignal,
  context?: TaskContext,
): Promise<Record<string, number>> {
  const numbers: Record<string, number> = {};
  for (const { task, measures } of await runTasks(tasks, model, signal, context))
    for (const measure of measures) numbers[`${task}/${measure.name}`] = measureValue(measure);
  return numbers;
}
