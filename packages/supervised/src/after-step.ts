// What a step says: metrics, evaluation, samples, checkpoint marks. All of it is decided by the step's number alone.
import { checkpointed, metric, sample, type StageEvent } from '@ingot/core';
import type { TokensValue } from '@ingot/contracts';
import { evaluateLoss, type Evaluation } from '@ingot/training';
import { continuations } from './continuation.js';
import type { PretrainOptions, PretrainView } from './options.js';
import type { Scale } from './scale.js';
import type { LiveRun } from './trainer-state.js';

/** What is fixed for the run. */
export interface Surroundings {
  readonly options: PretrainOptions;
  readonly view: PretrainView;
  readonly scale: Scale;
  readonly tokens: TokensValue;
  readonly seed: number;
}

/** Every `every` steps, and at the last. */
const due = (step: number, steps: number, every: number): boolean => step % every === 0 || step === steps;

function evaluate(run: LiveRun, { options, scale, tokens }: Surroundings): Evaluation | undefined {
  return evaluateLoss(run.model, tokens.splits.validation, {
    length: scale.length,
    rows: options.batch,
    limit: options.evalWindows,
  });
}

/** Events of a step that was just done (`run.progress.step` counts it), and what they change: the best weights. */
export function afterStep(run: LiveRun, around: Surroundings, numbers: Readonly<Record<string, number>>): StageEvent[] {
  const { options, view, scale, seed } = around;
  const { progress } = run;
  const { step } = progress;
  const events: StageEvent[] = [];

  const evaluation = due(step, scale.steps, options.evalEvery) ? evaluate(run, around) : undefined;
  if (evaluation || due(step, scale.steps, view.logEvery)) {
    const validation = evaluation
      ? { validationLoss: evaluation.loss, validationBitsPerByte: evaluation.bitsPerByte }
      : {};
    events.push(metric(step, { ...numbers, ...validation }, scale.steps));
  }
  if (evaluation && (progress.best === null || evaluation.loss < progress.best.loss)) {
    progress.best = { loss: evaluation.loss, step };
    if (options.keep === 'best') run.holdBest();
    events.push(checkpointed(step, 'best'));
  }
  if (view.sampleEvery !== undefined && due(step, scale.steps, view.sampleEvery)) {
    const how = { tokens: view.sampleTokens, temperature: view.sampleTemperature, prompts: view.prompts, seed, step };
    continuations(run.model, how).forEach((text, i) => events.push(sample(text, view.prompts[i])));
  }
  if (step % view.checkpointEvery === 0 && step < scale.steps) events.push(checkpointed(step, 'last'));
  return events;
}
