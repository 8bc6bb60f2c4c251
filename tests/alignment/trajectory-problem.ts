// What the ten steps are made of, for bench/peers/alignment_trajectories.py: token ids of the rows and the order in which a stage sees them.
import { chatEncoder, encodeCompletion, encodePrompt } from '@ingot/text';
import { rowOrder } from '@ingot/training';
import { feedbackRows, tokenizer } from './world.js';

export const STEPS = 10;
/** Pairs of a step; for methods that learn from labels, completions. */
export const BATCH = 5;
const ROWS = 12;
/** The pipeline's seed of `alignBy`. */
const SEED = 5;

/** Options of every run; a method's own come from its paper or TRL. */
export const shared = {
  steps: STEPS,
  batch: BATCH,
  heldOut: 0,
  watch: { samples: 0 },
  tripwires: { action: 'off' },
  optimiser: { use: 'adamw', lr: 3e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1 },
  schedule: { use: 'linear', warmup: 2, floor: 0 },
  clip: 1,
} as const;
/** Every method with the options that the script has too. */
export const methods = {
  dpo: { beta: 0.1 },
  ipo: { beta: 0.1 },
  kto: { beta: 0.1, desirableWeight: 1.33, undesirableWeight: 1 },
  bco: { beta: 0.1 },
  simpo: { beta: 2, gamma: 1 },
  orpo: { lambda: 0.1 },
  cpo: { beta: 0.1, sftWeight: 1 },
  sppo: { beta: 0.1 },
  rpo: { beta: 0.1, sftWeight: 1 },
  'apo-zero': { beta: 0.1 },
} as const;

/** The problem as the script reads it. */
export function trajectoryProblem() {
  const encoder = chatEncoder({ tokenizer });
  const rows = feedbackRows(ROWS).map(({ prompt, completions }) => {
    const asked = encodePrompt(encoder, prompt);
    const answer = (text: string): number[] =>
      Array.from(encodeCompletion(encoder, prompt, text, { maxTokens: 24 }).ids.slice(asked.length));
    return { prompt: [...asked], chosen: answer(completions[0]!.text), rejected: answer(completions[1]!.text) };
  });
  const order = (count: number): number[][] => {
    const of = rowOrder(count, SEED);
    return Array.from({ length: STEPS }, (_, step) => of(step * BATCH, BATCH));
  };
  return { rows, pairs: order(ROWS), labels: order(2 * ROWS), methods };
}
