// Ten steps of SFT and of the reward model follow bench/peers/tuning_steps.py, an independent PyTorch script that pads and masks.
import { clipFactor, globalNorm, scope } from '@ingot/tensor';
import {
  adamw,
  accumulate,
  packedBatch,
  rewardScores,
  weightedLoss,
  type LossHow,
  type WeightedSequence,
} from '@ingot/training';
import { expect, test } from 'vitest';
import torch from './fixtures/tuning-steps.json' with { type: 'json' };
import { miniGpt, promptLength, sequence, weighted } from './mini-gpt.fixture.js';
import { rankingsLoss, type Ranking } from './reward-model/index.js';

/** The issue asks for 1e-3; seen: below 1e-6, the order of float sums. */
const tolerance = 1e-5;
const close = (got: readonly number[], wanted: readonly number[]): void => {
  expect(got).toHaveLength(wanted.length);
  got.forEach((x, i) => expect(Math.abs(x - wanted[i]!)).toBeLessThan(tolerance * Math.max(1, Math.abs(wanted[i]!))));
};
const rowsOfStep = (step: number): number[] => Array.from({ length: 4 }, (_, i) => (step * 4 + i) % 16);

/** Ten steps; `micro` rows at once. */
function tenSteps(model: ReturnType<typeof miniGpt>, gradients: (rows: readonly number[]) => number): number[] {
  const optimiser = adamw({ lr: 1e-3, beta2: 0.999, weightDecay: 0 }).start(model.parameters);
  return Array.from({ length: 10 }, (_, step) => {
    model.parameters.zeroGradients();
    const loss = gradients(rowsOfStep(step));
    optimiser.step(1, clipFactor(globalNorm(model.parameters), 1));
    return loss;
  });
}

const kinds: Readonly<Record<keyof typeof torch.sft, LossHow>> = {
  nll: {},
  smoothing: { smoothing: 0.1 },
  dft: { loss: 'dft' },
};
test.each(Object.entries(kinds))('SFT, %s: packed, two rows at once', (kind, how) => {
  const model = miniGpt();
  const losses = tenSteps(model, (rows) => {
    const micros = [rows.slice(0, 2), rows.slice(2)].map((some) =>
      packedBatch(some.map((s): WeightedSequence => weighted(s))),
    );
    return accumulate(
      micros,
      ({ weight }) => weight,
      (packed) => weightedLoss(model, packed, how),
    ).loss;
  });
  close(losses, torch.sft[kind as keyof typeof torch.sft]);
});

const ranking = (s: number): Ranking => {
  const rejected = Int32Array.from([...sequence(s).slice(0, promptLength(s)), ...sequence(s + 16)]);
  return {
    answers: [sequence(s), rejected],
    texts: ['', ''],
    lengths: [sequence(s).length - promptLength(s), sequence(s + 16).length],
    pairs: [{ winner: 0, loser: 1 }],
    margin: s % 2 ? 0.5 : 0,
    prompt: `${s}`,
  };
};
test('the reward model: packed, with margins and centring', () => {
  const model = miniGpt({ reward: true });
  const how = { packing: 'best-fit', centring: 0.01, margins: true } as const;
  const losses = tenSteps(
    model,
    (rows) =>
      accumulate(
        [rows.slice(0, 3), rows.slice(3)],
        (some) => some.length,
        (some) => rankingsLoss(model, some.map(ranking), how).sum,
      ).loss,
  );
  close(losses, torch.reward.losses);
  const four = [0, 1, 2, 3].map(ranking);
  const sequences = [...four.map(({ answers }) => answers[0]!), ...four.map(({ answers }) => answers[1]!)];
  close(
    scope(() => [...rewardScores(model, sequences).read()]),
    torch.reward.scores,
  );
});
