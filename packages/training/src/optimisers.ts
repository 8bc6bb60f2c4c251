// AdamW and SGD as optimiser parts over the tensor package's steps.
import * as z from 'zod';
import { adamwStep, OptimiserState, sgdStep, type ParameterTree } from '@ingot/tensor';
import { Optimiser, type OptimiserValue } from '@ingot/contracts';

const lr = (value: number) =>
  z.number().positive().default(value).describe('peak learning rate; the schedule multiplies it');

/** Options of `{ use: 'adamw' }`: nanoGPT's betas and decay. */
export const adamwOptions = z.strictObject({
  lr: lr(1e-3),
  beta1: z.number().min(0).lt(1).default(0.9).describe('memory of the mean'),
  beta2: z.number().min(0).lt(1).default(0.95).describe('memory of the square'),
  epsilon: z.number().positive().default(1e-8).describe('added to the root of the square'),
  weightDecay: z
    .number()
    .min(0)
    .default(0.1)
    .describe('decoupled decay of what has two dimensions or more: matrices and tables, never biases and norms'),
});
/** Options of `{ use: 'sgd' }`. */
export const sgdOptions = z.strictObject({
  lr: lr(0.1),
  momentum: z.number().min(0).lt(1).default(0).describe('memory of the velocity'),
  nesterov: z.boolean().default(false).describe("Nesterov's momentum; wants a momentum above 0"),
  weightDecay: z.number().min(0).default(0).describe('decay added to the gradient of what has two dimensions or more'),
});

/** An optimiser at work around one step function: the state is the tensor package's, by name. */
function atWork(
  rate: number,
  step: (tree: ParameterTree, state: OptimiserState, lr: number, gradientScale: number) => void,
): OptimiserValue {
  return {
    start(parameters) {
      const state = new OptimiserState();
      return {
        lr: rate,
        step: (factor, gradientScale) => step(parameters, state, rate * factor, gradientScale),
        get state() {
          return Object.fromEntries(state.tensors);
        },
        load: (name, data, shape) => state.load(parameters.device, name, data, shape),
        get steps() {
          return state.step;
        },
        set steps(taken) {
          state.step = taken;
        },
        dispose: () => state.dispose(),
      };
    },
  };
}

/** AdamW (Loshchilov and Hutter 2019, algorithm 2) with bias correction. */
export function adamw(options: z.input<typeof adamwOptions> = {}): OptimiserValue {
  const { lr: rate, ...rest } = adamwOptions.parse(options);
  return atWork(rate, (tree, state, now, gradientScale) => adamwStep(tree, state, { ...rest, lr: now, gradientScale }));
}
/** Stochastic gradient descent with momentum, as torch.optim.SGD. */
export function sgd(options: z.input<typeof sgdOptions> = {}): OptimiserValue {
  const { lr: rate, ...rest } = sgdOptions.parse(options);
  return atWork(rate, (tree, state, now, gradientScale) => sgdStep(tree, state, { ...rest, lr: now, gradientScale }));
}

/** `{ use: 'adamw' }` */
export const adamwPart = Optimiser.part({ name: 'adamw', version: 1, options: adamwOptions, make: adamw });
/** `{ use: 'sgd' }` */
export const sgdPart = Optimiser.part({ name: 'sgd', version: 1, options: sgdOptions, make: sgd });
