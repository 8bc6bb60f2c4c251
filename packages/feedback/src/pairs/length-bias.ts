// How much of a reward is length: Pearson's r within prompts, so that prompts that are liked more as a whole do not hide it. Singhal et al. 2023, "A Long Way to Go".
import { wordsOf } from '../rewards/words.js';

const units = ['tokens', 'words', 'characters'] as const;
export type BiasUnit = (typeof units)[number];
/** Sums of products of what is left after each prompt's mean; `free` counts samples less prompts. Plain JSON: it stands in checkpoints. */
export interface BiasSums {
  free: number;
  scores: number;
  readonly lengths: Record<BiasUnit, number>;
  readonly products: Record<BiasUnit, number>;
}
/** Before the first sample. */
export const freshBias = (): BiasSums => ({
  free: 0,
  scores: 0,
  lengths: { tokens: 0, words: 0, characters: 0 },
  products: { tokens: 0, words: 0, characters: 0 },
});

export interface Measured {
  readonly text: string;
  readonly tokens: number;
  readonly score: number;
}
const measure = {
  tokens: ({ tokens }) => tokens,
  words: ({ text }) => wordsOf(text).length,
  characters: ({ text }) => text.length,
} satisfies Record<BiasUnit, (one: Measured) => number>;

const centred = (values: readonly number[]): number[] => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
};
const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);

/** Adds the scored samples of one prompt. */
export function addToBias(sums: BiasSums, samples: readonly Measured[]): void {
  if (samples.length < 2) return;
  const scores = centred(samples.map(({ score }) => score));
  sums.free += samples.length - 1;
  sums.scores += dot(scores, scores);
  for (const unit of units) {
    const lengths = centred(samples.map(measure[unit]));
    sums.lengths[unit] += dot(lengths, lengths);
    sums.products[unit] += dot(lengths, scores);
  }
}

/** The unit of length that goes with the reward most, and r; undefined where reward or length never differ within a prompt. */
export function lengthCorrelation(sums: BiasSums): { readonly unit: BiasUnit; readonly r: number } | undefined {
  return units
    .map((unit) => ({ unit, r: sums.products[unit] / Math.sqrt(sums.lengths[unit] * sums.scores) }))
    .filter(({ r }) => Number.isFinite(r))
    .sort((a, b) => Math.abs(b.r) - Math.abs(a.r))[0];
}

/** With fewer samples less prompts than this, chance alone gives large correlations. */
const ENOUGH = 16;
/** Above this |r| the reward is taken for length. */
export const LENGTH_LIMIT = 0.9;

/** The words of the tripwire, or undefined where nothing is wrong or too little was seen. */
export function lengthAlarm(sums: BiasSums): string | undefined {
  const found = lengthCorrelation(sums);
  if (!found || sums.free < ENOUGH || Math.abs(found.r) <= LENGTH_LIMIT) return undefined;
  const { r, unit } = found;
  return `This reward is little but length: within prompts it goes with the number of ${unit} by r = ${r.toFixed(3)} (tripwire: |r| > ${LENGTH_LIMIT}). A model aligned with it learns to write ${r > 0 ? 'longer' : 'shorter'} and nothing else. Take a reward of the content ('afinn' with normalise: 'per-word', 'reward-model'), add 'overlong' or 'length' with a target in a 'sum', or align with a loss that divides by length ('simpo', 'sigmoid-norm').`;
}
