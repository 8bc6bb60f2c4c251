// The truth test of an alignment method: in a world that can be enumerated, trained on sampled pairs, it must come near the optimum that it declares.
import { ChatModel, Pairs, type ModelValue } from '@ingot/contracts';
import { createIngot, type AnyStage, type Plugin } from '@ingot/core';
import { expect } from 'vitest';
import { registerChecks, type Check } from '../check.js';
import { sourcePlugin, sourceStage } from '../source-plugin.js';
import { tabular } from './tabular-family.js';
import { closedForm, divergence, logPolicy, tinyWorld, type TinyWorld } from './tiny-world.js';

/** A method under test. */
export interface TruthCase {
  /** The method; it is also among the plugins, which hold optimisers and schedules too. */
  readonly stage: AnyStage;
  readonly plugins: readonly Plugin[];
  readonly services?: Parameters<typeof createIngot>[0]['services'];
  /** Options of the stage; β among them. */
  readonly how: Readonly<Record<string, unknown>>;
  /** Sampled pairs. */
  readonly pairs: number;
  /** Largest KL(π ‖ optimum), in nats. */
  readonly within: number;
  /** The optimum that the method declares, as log-probabilities; π_ref · exp(r / β) / Z with β 0.5 unless said. */
  readonly optimum?: (world: TinyWorld) => Float64Array;
  readonly seeds?: readonly number[];
  /** Sees what was reached. */
  readonly tell?: (seed: number, kl: number, startKl: number) => void;
}

/** Trains the method on sampled pairs of a world; log π of every answer afterwards. */
export async function trainInWorld(
  { stage, plugins, services, how, pairs }: Pick<TruthCase, 'stage' | 'plugins' | 'services' | 'how' | 'pairs'>,
  world: TinyWorld,
  seed: number,
): Promise<Float64Array> {
  const given = sourcePlugin([
    sourceStage('tiny-world', { model: ChatModel, feedback: Pairs }, () => ({
      model: world.model,
      feedback: world.pairs(pairs),
    })),
  ]);
  const ingot = createIngot({ plugins: [...plugins, tabular, given], ...(services ? { services } : {}) });
  try {
    const pipeline = ingot.fromRecipe({
      name: 'truth',
      seed,
      stages: {
        world: { use: 'tiny-world' },
        aligned: { use: stage.name, from: { model: 'world.model', feedback: 'world.feedback' }, how },
      },
      outputs: { model: 'aligned.model' },
    });
    const { model } = (await pipeline.run().result()) as { model: ModelValue };
    return await logPolicy(model);
  } finally {
    await ingot.dispose();
  }
}

/** The checks, one a seed; `truthSuite` registers them. */
export const truthChecks = (truth: TruthCase): readonly Check[] =>
  (truth.seeds ?? [1, 2, 3]).map((seed) => ({
    name: `seed ${seed}: ${truth.pairs.toLocaleString('en')} pairs end within KL ${truth.within} of the declared optimum`,
    run: async () => {
      const world = tinyWorld(seed);
      const optimum = (truth.optimum ?? ((one) => closedForm(one, 0.5)))(world);
      const kl = divergence(await trainInWorld(truth, world, seed), optimum);
      const startKl = divergence(world.logReference, optimum);
      truth.tell?.(seed, kl, startKl);
      expect(kl).toBeLessThan(startKl);
      expect(kl).toBeLessThanOrEqual(truth.within);
    },
  }));

/** Registers the truth test of an alignment method with vitest. */
export const truthSuite = (name: string, truth: TruthCase): void =>
  registerChecks(`truth of ${name}`, truthChecks(truth));
