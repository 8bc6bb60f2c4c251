// A run's live state: made fresh or from a checkpoint, saved whole, freed at the end.
import type { Checkpoint } from '@ingot/core';
import { plainWeights, type Device, type ParameterTree } from '@ingot/tensor';
import type { DesignValue, FamilyValue, ModelValue, OptimiserAtWork, OptimiserValue } from '@ingot/contracts';
import {
  initialParameters,
  modelFrom,
  modelOfCopy,
  packSnapshot,
  packState,
  snapshot,
  unpackSnapshot,
  unpackState,
  type Runnable,
} from '@ingot/training';
import { freshProgress, readProgress, writeProgress, type Progress } from './progress.js';

/** Parameters, optimiser and progress of one run. */
export interface LiveRun {
  readonly model: Runnable;
  readonly parameters: ParameterTree;
  readonly optimiser: OptimiserAtWork;
  readonly progress: Progress;
  /** Whether it goes on from a checkpoint. */
  readonly resumed: boolean;
  /** Holds the present weights as the best ones. */
  holdBest(): void;
  save(checkpoint: Checkpoint): Promise<void>;
  /** The best weights where some are held, else the present ones, copied to the host. */
  result(): ModelValue;
  dispose(): void;
}

/** Starts a run, or goes on from its checkpoint; one of step `before` or later is left alone, and it begins at the beginning. */
export async function startRun(about: {
  readonly device: Device;
  readonly family: FamilyValue;
  readonly design: DesignValue;
  readonly optimiser: OptimiserValue;
  readonly seed: number;
  readonly checkpoint: Checkpoint;
  readonly before?: number | undefined;
}): Promise<LiveRun> {
  const { device, family, design, seed, before = Infinity } = about;
  const found = await about.checkpoint.load();
  const saved = found && readProgress(found.meta).step < before ? found : undefined;
  const parameters = initialParameters(device, family.parameters(design), seed);
  const optimiser = about.optimiser.start(parameters);
  let progress = freshProgress();
  let best: Map<string, Float32Array> | undefined;
  const dispose = () => {
    optimiser.dispose();
    parameters.dispose();
  };
  try {
    if (saved) {
      progress = readProgress(saved.meta);
      await unpackState(await saved.blob('state.safetensors'), parameters, optimiser);
      optimiser.steps = progress.optimiserSteps;
      if (progress.holdsBest) best = await unpackSnapshot(await saved.blob('best.safetensors'));
    }
  } catch (error) {
    dispose();
    throw error;
  }
  return {
    model: { device, family, design, weights: plainWeights(parameters) },
    parameters,
    optimiser,
    progress,
    dispose,
    resumed: saved !== undefined,
    holdBest() {
      best = snapshot(parameters);
      progress.holdsBest = true;
    },
    async save(checkpoint) {
      progress.optimiserSteps = optimiser.steps;
      await checkpoint.save(writeProgress(progress), {
        'state.safetensors': packState(parameters, optimiser),
        ...(best ? { 'best.safetensors': packSnapshot(parameters, best) } : {}),
      });
    },
    result: () =>
      best
        ? modelFrom(
            design,
            parameters.values().map(({ name, shape }) => ({ name, shape })),
            (name) => best!.get(name)!,
          )
        : modelOfCopy(design, parameters),
  };
}
