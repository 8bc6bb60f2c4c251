// The live state of a tuning run: made fresh or from a checkpoint, saved whole, freed at the end.
import type { Checkpoint } from '@ingot/core';
import type { ParameterTree } from '@ingot/tensor';
import type { OptimiserAtWork, OptimiserValue } from '@ingot/contracts';
import { packSnapshot, packState, snapshot, unpackSnapshot, unpackState } from '../state.js';
import { freshProgress, readProgress, writeProgress, type TuneProgress } from './progress.js';

/** Parameters that learn, their optimiser and the progress. */
export interface TuneRun {
  readonly parameters: ParameterTree;
  readonly optimiser: OptimiserAtWork;
  readonly progress: TuneProgress;
  /** Whether it goes on from a checkpoint. */
  readonly resumed: boolean;
  /** Holds the present weights as the best ones. */
  holdBest(): void;
  /** Puts the best weights in place, where some are held. */
  useBest(): void;
  save(checkpoint: Checkpoint): Promise<void>;
  /** Frees the optimiser; the parameters are the policy's. */
  dispose(): void;
}

/** Starts a run, or goes on from its checkpoint; `before` leaves a checkpoint of a later step alone (for replay). */
export async function startTuning(about: {
  readonly parameters: ParameterTree;
  readonly optimiser: OptimiserValue;
  readonly checkpoint: Checkpoint;
  readonly before?: number | undefined;
  /** Other parameters that change on the way and are no part of what the optimiser moves: saved and put back as they were. */
  readonly beside?: ParameterTree | undefined;
}): Promise<TuneRun> {
  const { parameters } = about;
  const saved = await about.checkpoint.load();
  const optimiser = about.optimiser.start(parameters);
  let progress = freshProgress();
  let best: ReadonlyMap<string, Float32Array> | undefined;
  let resumed = false;
  try {
    const read = saved === undefined ? undefined : readProgress(saved.meta);
    if (saved && read && (about.before === undefined || read.step < about.before)) {
      progress = read;
      await unpackState(await saved.blob('state.safetensors'), parameters, optimiser);
      optimiser.steps = progress.optimiserSteps;
      for (const [name, data] of about.beside ? await unpackSnapshot(await saved.blob('beside.safetensors')) : [])
        about.beside?.get(name).load(data);
      if (progress.holdsBest) best = await unpackSnapshot(await saved.blob('best.safetensors'));
      resumed = true;
    }
  } catch (error) {
    optimiser.dispose();
    throw error;
  }
  return {
    parameters,
    optimiser,
    progress,
    resumed,
    holdBest() {
      best = snapshot(parameters);
      progress.holdsBest = true;
    },
    useBest() {
      for (const [name, data] of best ?? []) parameters.get(name).load(data);
    },
    async save(checkpoint) {
      progress.optimiserSteps = optimiser.steps;
      await checkpoint.save(writeProgress(progress), {
        'state.safetensors': packState(parameters, optimiser),
        ...(about.beside ? { 'beside.safetensors': packSnapshot(about.beside, snapshot(about.beside)) } : {}),
        ...(best ? { 'best.safetensors': packSnapshot(parameters, best) } : {}),
      });
    },
    dispose: () => optimiser.dispose(),
  };
}
