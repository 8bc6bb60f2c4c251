// Tasks over one model: what the stage, the command and a training under way call.
import type { EvaluatedModel, Measure, TaskContext, TaskValue } from '@ingot/contracts';
import { IngotError } from '@ingot/core';
import { measureValue } from './measures.js';

/** What one task said of one model. */
export interface MeasuredTask {
  readonly task: string;
  readonly measures: readonly Measure[];
}

/** Throws `duplicate` when two tasks have one name: their measures could not be told apart. */
export function checkNames(tasks: readonly TaskValue[]): void {
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

/** The measures of every task, in order. Throws `duplicate` for two tasks of one name, and what a task throws. */
export async function runTasks(
  tasks: readonly TaskValue[],
  model: EvaluatedModel,
  signal?: AbortSignal,
  context?: TaskContext,
): Promise<MeasuredTask[]> {
  checkNames(tasks);
  const done: MeasuredTask[] = [];
  for (const task of tasks) {
    signal?.throwIfAborted();
    done.push({ task: task.name, measures: await task.run(model, signal, context) });
  }
  return done;
}

/** One number a measure, named `task/measure`: what a training loop logs and stops early by. */
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
