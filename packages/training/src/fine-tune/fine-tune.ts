// The loop that every tuning stage delegates to: order, schedule, step, watching, evaluation, checkpoints. What is learnt is the stage's own.
import {
  checkpointed,
  IngotError,
  metric,
  table,
  text,
  warning,
  type Checkpoint,
  type Json,
  type StageEvent,
} from '@ingot/core';
import type { Device, ParameterTree } from '@ingot/tensor';
import { judgeLoss } from '../guard.js';
import { measureMemory } from '../meters.js';
import { judgeTripwires, type Tripwire } from '../watching/tripwires.js';
import { startTuning, type TuneRun } from './live-run.js';
import { stepsOf, type FineTuneOptions, type FineTuneView } from './options.js';
import { rowOrder } from './row-order.js';
import { updateStep } from './update.js';

/** Numbers of one step: the mean loss in nats, how many tokens were fed, and what else to watch. */
export interface Measured {
  readonly loss: number;
  readonly tokens: number;
  readonly values?: Readonly<Record<string, number>>;
}
/** Numbers of one evaluation. */
export interface Evaluated {
  readonly values: Readonly<Record<string, number>>;
  /** What `keep: 'best'` compares; lower is better. */
  readonly score?: number;
  /** Why the run should end now. */
  readonly stop?: string;
  readonly events?: readonly StageEvent[];
  /** What the objective remembers from now on. */
  readonly memory?: Json;
}
/** What a step waited for. */
export interface Prepared {
  /** What the objective remembers from now on. */
  readonly memory?: Json;
  readonly events?: readonly StageEvent[];
}
/** What is learnt, and from how many rows. */
export interface Objective {
  /** Rows of the data; a step sees `batch` of them. */
  readonly rows: number;
  /** Steps in a row that see the same rows, such as the updates on one rollout; 1 unless said. */
  readonly updates?: number;
  /**
   * What a step waits for before its gradients: answers, rewards. What it remembers is in the checkpoint, so let it be a function of the seed, the step
   * and the memory, and a killed run ends in the same bits. Its time counts as the step's.
   */
  before?(rows: readonly number[], at: { readonly step: number; readonly memory: Json }): Promise<Prepared>;
  /** Whether the loss is one that explodes when training goes wrong, as it is unless said; the loss of a policy gradient may take any value. */
  readonly guarded?: boolean;
  /**
   * Adds the gradient of the mean loss over these rows into the parameters. Synchronous; called again with the same arguments when a number goes wrong.
   * `memory` is what it gave back the last time, `undefined` at first.
   */
  gradients(
    rows: readonly number[],
    at: { readonly step: number; readonly memory: Json },
  ): Measured & { readonly memory?: Json };
  /** Numbers on held-out data; called before the first step and then every `evalEvery`. */
  evaluate?(step: number, memory: Json): Evaluated | Promise<Evaluated>;
  readonly tripwires?: readonly Tripwire[];
}
/** Where it runs. */
export interface TuneContext {
  /** The stage's name, for messages. */
  readonly stage: string;
  readonly device: Device;
  readonly policy: { readonly parameters: ParameterTree; at?(step: number, firstRow: number): void };
  readonly options: FineTuneOptions;
  readonly view: FineTuneView;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly checkpoint: Checkpoint;
  /** Predicted peak bytes, told beside the measured ones. */
  readonly predictedBytes?: number;
  /** Other parameters that change on the way, such as a reference that follows: saved with the checkpoint. */
  readonly beside?: ParameterTree;
  /** Called after each update, before anything is measured or saved. */
  afterUpdate?(step: number): void;
  /** Told before the first step of a fresh run; a resumed one has them in its log. */
  readonly opening?: readonly StageEvent[];
  /** Replay: run to this step (counted from 1), give `look` its gradients, call what it gives after the update, and end. */
  readonly replay?: { readonly step: number; look(parameters: ParameterTree): () => readonly StageEvent[] };
}
/** How the loop ended. */
export interface Tuned {
  readonly steps: number;
  /** Why before the last step, where it did. */
  readonly stopped?: string;
  readonly bestStep?: number;
}

/** Every `every` steps, and at the last. */
const due = (step: number, steps: number, every: number): boolean => step % every === 0 || step === steps;
const seconds = (milliseconds: number): number => milliseconds / 1000;

/**
 * Trains until the last step, a tripwire, or an evaluation that says stop; afterwards the policy holds the last weights, or with `keep: 'best'` the best.
 * A killed run goes on to the same bits; a cancelled one saves first. Give the rows' own order no meaning: each epoch shuffles them.
 * @throws IngotError `bad-input` for no rows, `bad-numbers` for a NaN, an infinity or a loss that explodes, with the reason.
 */
export async function* fineTune(objective: Objective, context: TuneContext): AsyncGenerator<StageEvent, Tuned, void> {
  const { stage, device, policy, options, view, seed, signal, checkpoint, replay } = context;
  if (objective.rows === 0)
    throw new IngotError('bad-input', `The stage '${stage}' has no rows to learn from. Give data with at least one.`);
  const updates = objective.updates ?? 1;
  const steps = options.steps ?? updates * stepsOf(options, objective.rows);
  const evalEvery = evalEveryOf(options, steps);
  const order = rowOrder(objective.rows, seed);
  device.resetPeak();
  const run = await startTuning({
    parameters: policy.parameters,
    optimiser: options.optimiser,
    checkpoint,
    before: replay?.step,
    beside: context.beside,
  });
  const { progress } = run;
  const begunAt = progress.step;
  let whole = true;
  const clock = stopwatch();
  try {
    if (!run.resumed) {
      progress.pending.push(...(context.opening ?? []));
      progress.pending.push(text(openingLine(stage, run, objective.rows, { steps, updates, batch: options.batch })));
      if (objective.evaluate) await evaluated(run, objective, options, 0, steps);
    }
    for (;;) {
      // An event leaves `pending` before it is given out: stopped here, the run's log holds it and a checkpoint need not.
      while (progress.pending.length > 0) {
        signal.throwIfAborted();
        yield progress.pending.shift()!;
      }
      signal.throwIfAborted();
      const ended = progress.step >= steps || progress.stopped !== null || progress.step === replay?.step;
      if (progress.step > begunAt && progress.step % view.checkpointEvery === 0 && !ended && !replay)
        await run.save(checkpoint);
      if (ended) break;

      const { step } = progress;
      const factor = options.schedule(step, steps);
      const rows = order(Math.floor(step / updates) * options.batch, options.batch);
      const looked: StageEvent[] = [];
      clock.start();
      const before = await objective.before?.(rows, { step, memory: progress.memory });
      whole = false;
      if (before?.memory !== undefined) progress.memory = before.memory;
      const { loss, gradientNorm, tokens, values, memory } = updateStep(
        run,
        {
          stage,
          step,
          factor,
          clip: options.clip ?? undefined,
          anomaly: view.anomaly,
          ...(replay?.step === step + 1 && {
            look: (tree: ParameterTree) => {
              const after = replay.look(tree);
              return () => void looked.push(...after());
            },
          }),
        },
        () => {
          policy.at?.(step, 0);
          return objective.gradients(rows, { step, memory: progress.memory });
        },
      );
      const spent = clock.stop();
      context.afterUpdate?.(step + 1);
      if (memory !== undefined) progress.memory = memory;
      progress.step = step + 1;
      progress.pending.push(...(before?.events ?? []), ...looked);
      if (objective.guarded !== false) guard(run, stage, loss, view);
      const numbers = { loss, lr: run.optimiser.lr * factor, gradientNorm, ...values };
      const speed = {
        tokensPerSecond: tokens / seconds(spent),
        millisecondsPerStep: spent,
        etaSeconds: seconds((steps - progress.step) * clock.mean()),
      };
      if (due(progress.step, steps, view.logEvery) || progress.step === replay?.step)
        progress.pending.push(metric(progress.step, { ...numbers, ...speed }, steps));
      trip(run, objective, numbers);
      if (objective.evaluate && progress.stopped === null && due(progress.step, steps, evalEvery))
        await evaluated(run, objective, options, progress.step, steps);
      if (progress.step % view.checkpointEvery === 0 && progress.step < steps)
        progress.pending.push(checkpointed(progress.step, 'last'));
      whole = true;
      signal.throwIfAborted();
    }
    if (options.keep === 'best') run.useBest();
    const memory = measureMemory(device);
    yield table('Memory', [
      {
        ...(context.predictedBytes === undefined ? {} : { predicted: context.predictedBytes }),
        measured: memory.devicePeak,
        resident: memory.resident,
      },
    ]);
    return {
      steps: progress.step,
      ...(progress.stopped === null ? {} : { stopped: progress.stopped }),
      ...(progress.best === null ? {} : { bestStep: progress.best.step }),
    };
  } finally {
    if (signal.aborted && whole && !replay) await run.save(checkpoint);
    run.dispose();
    // The moments, the gradients and the last step's activations are not needed any more: what comes next, the result's copy first, stands in their place.
    policy.parameters.zeroGradients();
    device.trim?.();
  }
}

const openingLine = (
  stage: string,
  run: TuneRun,
  rows: number,
  { steps, updates, batch }: { readonly steps: number; readonly updates: number; readonly batch: number },
): string => {
  const learns = run.parameters.values().reduce((sum, { size }) => sum + size, 0);
  return `The stage '${stage}' trains ${learns.toLocaleString('en')} parameters for ${steps.toLocaleString('en')} steps of ${batch} of ${rows.toLocaleString('en')} rows: ${((steps * batch) / updates / rows).toFixed(2)} epochs.`;
};

/** Stops a run whose loss has exploded. */
function guard({ progress }: TuneRun, stage: string, loss: number, view: FineTuneView): void {
  const { state, stop } = judgeLoss(progress.guard, loss, { factor: view.spikeFactor, patience: view.spikePatience });
  if (stop !== undefined)
    throw new IngotError(
      'bad-numbers',
      `The stage '${stage}' stopped at step ${progress.step}: ${stop}. The last checkpoint is kept. Try a lower learning rate or a longer warm-up; spikeFactor and spikePatience say when to stop.`,
    );
  progress.guard = state;
}

/** Lets the tripwires see numbers; a wire that stops ends the run in order, with what it has. */
function trip({ progress }: TuneRun, { tripwires = [] }: Objective, values: Readonly<Record<string, number>>): void {
  const { state, warnings, stop } = judgeTripwires(tripwires, progress.tripwires, values, progress.step);
  progress.tripwires = state;
  progress.pending.push(...warnings.map(warning));
  if (stop === undefined) return;
  progress.stopped = stop;
  progress.pending.push(warning(`${stop} The run ends here, with the model of this step.`));
}

const evalEveryOf = ({ evalEvery }: FineTuneOptions, steps: number): number =>
  evalEvery ?? Math.max(1, Math.ceil(steps / 10));
/** How many evaluations there were after `best`, the one at `step` included. */
const evaluationsSince = (best: number, step: number, options: FineTuneOptions, steps: number): number =>
  Math.ceil((step - best) / evalEveryOf(options, steps));

/** Evaluates, holds the best, and takes a stop to heart. */
async function evaluated(
  run: TuneRun,
  objective: Objective,
  options: FineTuneOptions,
  step: number,
  steps: number,
): Promise<void> {
  const { progress } = run;
  const { values, score, stop, events = [], memory } = await objective.evaluate!(step, progress.memory);
  if (memory !== undefined) progress.memory = memory;
  progress.pending.push(metric(step, values, steps), ...events);
  trip(run, objective, values);
  if (score !== undefined && (progress.best === null || score < progress.best.score)) {
    progress.best = { score, step };
    if (options.keep === 'best') run.holdBest();
    if (step > 0) progress.pending.push(checkpointed(step, 'best'));
  }
  const since = evaluationsSince(progress.best?.step ?? step, step, options, steps);
  const why =
    stop ??
    (since >= (options.patience ?? Infinity)
      ? `The evaluation was no better than at step ${progress.best?.step} for ${since} times: the run ends at step ${step} (patience).`
      : undefined);
  if (why !== undefined && progress.stopped === null && step > 0) {
    progress.stopped = why;
    progress.pending.push(warning(why));
  }
}

/** Time of the last step, and the running mean over some ten. */
function stopwatch() {
  let began = 0;
  let mean: number | undefined;
  return {
    start: () => void (began = performance.now()),
    stop(): number {
      const spent = Math.max(1e-3, performance.now() - began);
      mean = mean === undefined ? spent : mean + 0.1 * (spent - mean);
      return spent;
    },
    mean: (): number => mean ?? 0,
  };
}
