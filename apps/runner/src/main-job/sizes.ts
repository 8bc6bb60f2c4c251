// The sizes that the main job chooses from, and the rule it chooses by.

/** One size of GPT with the batch it is trained in; all share the recipe's vocabulary of 1,024. */
export interface Size {
  readonly name: string;
  readonly layers: number;
  readonly heads: number;
  readonly width: number;
  readonly context: number;
  readonly batch: number;
  readonly lr: number;
}

/** From what plain JavaScript trains in minutes to what a fast engine does. */
export const SIZES: readonly Size[] = [
  { name: 'pocket', layers: 1, heads: 2, width: 32, context: 64, batch: 8, lr: 6e-3 },
  { name: 'tiny', layers: 2, heads: 2, width: 64, context: 64, batch: 8, lr: 4e-3 },
  { name: 'small', layers: 3, heads: 3, width: 96, context: 64, batch: 12, lr: 3e-3 },
  { name: 'medium', layers: 4, heads: 4, width: 128, context: 128, batch: 8, lr: 2e-3 },
  { name: 'large', layers: 5, heads: 6, width: 192, context: 128, batch: 12, lr: 1.5e-3 },
  { name: 'huge', layers: 6, heads: 8, width: 256, context: 256, batch: 12, lr: 1e-3 },
];

/** A size with its speed on this machine, and the steps that fit in the time. */
export interface Choice {
  readonly size: Size;
  readonly millisecondsPerStep: number;
  readonly steps: number;
}

/** Fewer steps than this are not worth a size, whatever the law says: it was fitted to runs of many thousand steps. */
const FEWEST_STEPS = 400;

/** Steps that fit in the time, at least one, in tens from ten on; more than 6,000 only read the same book again. */
export const stepsIn = (seconds: number, millisecondsPerStep: number): number => {
  const fitting = Math.floor((seconds * 1000) / millisecondsPerStep);
  return fitting < 10 ? Math.max(1, fitting) : Math.min(6000, Math.floor(fitting / 10) * 10);
};

/** Parameters of the blocks, 12·L·C²: what the scaling law counts. */
export const bodyParameters = ({ layers, width }: Size): number => 12 * layers * width * width;

/**
 * The loss that a model of N parameters reaches after D tokens: 1.69 + 406.4 / N^0.34 + 410.7 / D^0.28.
 * Hoffmann et al. 2022, "Training compute-optimal large language models", eq. 10. Only the order of sizes is used, not the value.
 */
export const expectedLoss = (parameters: number, tokens: number): number =>
  1.69 + 406.4 / parameters ** 0.34 + 410.7 / tokens ** 0.28;

/** The expected loss of a choice; infinite when the time is too short for it. */
export const lossOf = ({ size, steps }: Choice): number =>
  steps < FEWEST_STEPS ? Infinity : expectedLoss(bodyParameters(size), steps * size.batch * size.context);

/** The choice with the lowest expected loss. Throws RangeError on an empty list. */
export const best = (choices: readonly Choice[]): Choice => {
  const [first, ...rest] = choices;
  if (!first) throw new RangeError('There is no size to choose from.');
  return rest.reduce((a, b) => (lossOf(b) < lossOf(a) ? b : a), first);
};
