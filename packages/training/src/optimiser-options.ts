// What recipes say of optimisers, with defaults and what each option means.
import * as z from 'zod';

const lr = (value: number) =>
  z.number().positive().default(value).describe('peak learning rate; the schedule multiplies it');
const share = (value: number, what: string) => z.number().min(0).lt(1).default(value).describe(what);
const decay = (value: number, what: string) => z.number().min(0).default(value).describe(what);

/** Options of `{ use: 'adamw' }`: nanoGPT's betas and decay. */
export const adamwOptions = z.strictObject({
  lr: lr(1e-3),
  beta1: share(0.9, 'memory of the mean'),
  beta2: share(0.95, 'memory of the square'),
  epsilon: z.number().positive().default(1e-8).describe('added to the root of the square'),
  weightDecay: decay(
    0.1,
    'decoupled decay of what has two dimensions or more: matrices and tables, never biases and norms',
  ),
});

/** Options of `{ use: 'sgd' }`. */
export const sgdOptions = z.strictObject({
  lr: lr(0.1),
  momentum: share(0, 'memory of the velocity'),
  nesterov: z.boolean().default(false).describe("Nesterov's momentum; wants a momentum above 0"),
  weightDecay: decay(0, 'decay added to the gradient of what has two dimensions or more'),
});

/** Options of `{ use: 'lion' }`: the paper's betas, and a tenth of AdamW's rate with ten times its decay, as the paper advises. */
export const lionOptions = z.strictObject({
  lr: lr(1e-4),
  beta1: share(0.9, 'share of the momentum in the direction'),
  beta2: share(0.99, 'memory of the momentum'),
  weightDecay: decay(1, 'decoupled decay of what has two dimensions or more'),
});

const isPattern = (text: string): boolean => {
  try {
    return new RegExp(text, 'u') instanceof RegExp;
  } catch {
    return false;
  }
};

/** Options of `{ use: 'muon' }`: Jordan's, with nanoGPT's AdamW beside it. */
export const muonOptions = z.strictObject({
  lr: lr(0.02),
  momentum: share(0.95, 'memory of the mean'),
  nesterov: z.boolean().default(true).describe("Nesterov's momentum"),
  iterations: z.int().min(1).max(20).default(5).describe('Newton–Schulz iterations that make an update orthogonal'),
  scale: z
    .enum(['original', 'match-adamw'])
    .default('original')
    .describe(
      "factor on a matrix's updates: √max(1, rows/columns), or 0.2·√max(rows, columns), with which AdamW's learning rate fits",
    ),
  weightDecay: decay(0, 'decoupled decay of the matrices that Muon moves'),
  matrices: z
    .string()
    .refine(isPattern, 'wanted a regular expression')
    .optional()
    .describe(
      "pattern of the names of two-dimensional parameters that Muon moves; those inside of 'blocks.' unless said",
    ),
  adamw: adamwOptions.prefault({}).describe('what moves the rest: embeddings, head, norms and biases'),
});
