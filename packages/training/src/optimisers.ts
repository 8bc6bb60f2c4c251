// Optimisers as parts over the tensor package's steps: AdamW, SGD, Muon and Lion.
import * as z from 'zod';
import { IngotError } from '@ingot/core';
import {
  adamwStep,
  hiddenMatrices,
  lionStep,
  muonStep,
  OptimiserState,
  sgdStep,
  type ParameterTree,
  type Shape,
} from '@ingot/tensor';
import { Optimiser, type OptimiserValue } from '@ingot/contracts';
import { adamwOptions, lionOptions, muonOptions, sgdOptions } from './optimiser-options.js';

type Step = (tree: ParameterTree, state: OptimiserState, factor: number, gradientScale: number) => void;

/** An optimiser at work around one step function: the state is the tensor package's, by name. */
function atWork(rate: number, step: Step, check: (tree: ParameterTree) => void = () => undefined): OptimiserValue {
  return {
    start(parameters) {
      check(parameters);
      const state = new OptimiserState();
      return {
        lr: rate,
        step: (factor, gradientScale) => step(parameters, state, factor, gradientScale),
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
  const { lr, ...rest } = adamwOptions.parse(options);
  return atWork(lr, (tree, state, factor, gradientScale) =>
    adamwStep(tree, state, { ...rest, lr: lr * factor, gradientScale }),
  );
}

/** Stochastic gradient descent with momentum, as torch.optim.SGD. */
export function sgd(options: z.input<typeof sgdOptions> = {}): OptimiserValue {
  const { lr, ...rest } = sgdOptions.parse(options);
  return atWork(lr, (tree, state, factor, gradientScale) =>
    sgdStep(tree, state, { ...rest, lr: lr * factor, gradientScale }),
  );
}

/** Lion (Chen et al. 2023, algorithm 2): half of AdamW's state, every element moves by lr. */
export function lion(options: z.input<typeof lionOptions> = {}): OptimiserValue {
  const { lr, ...rest } = lionOptions.parse(options);
  return atWork(lr, (tree, state, factor, gradientScale) =>
    lionStep(tree, state, { ...rest, lr: lr * factor, gradientScale }),
  );
}

/**
 * Muon (Jordan et al. 2024) for the matrices inside of the blocks, AdamW for everything else; the schedule multiplies both learning rates.
 * Its `start` throws IngotError `bad-options` where the model has no such matrix: that would be AdamW under another name.
 */
export function muon(options: z.input<typeof muonOptions> = {}): OptimiserValue {
  const { lr, adamw: beside, matrices: pattern, ...how } = muonOptions.parse(options);
  const named = pattern === undefined ? undefined : new RegExp(pattern, 'u');
  const matrices = (name: string, shape: Shape): boolean =>
    named === undefined ? hiddenMatrices(name, shape) : shape.length === 2 && named.test(name);
  return atWork(
    lr,
    (tree, state, factor, gradientScale) =>
      muonStep(tree, state, {
        ...how,
        matrices,
        lr: lr * factor,
        rest: { ...beside, lr: beside.lr * factor },
        gradientScale,
      }),
    (tree) => {
      if (tree.values().some(({ name, shape }) => matrices(name, shape))) return;
      throw new IngotError(
        'bad-options',
        `The optimiser 'muon' was given a model in which no matrix's name ${pattern === undefined ? "begins with 'blocks.'" : `matches '${pattern}'`}: ${tree.names().join(', ')}. Give 'matrices' as a pattern of the hidden matrices' names, or use 'adamw'.`,
      );
    },
  );
}

/** `{ use: 'adamw' }` */
export const adamwPart = Optimiser.part({ name: 'adamw', version: 1, options: adamwOptions, make: adamw });
/** `{ use: 'sgd' }` */
export const sgdPart = Optimiser.part({ name: 'sgd', version: 1, options: sgdOptions, make: sgd });
/** `{ use: 'lion' }` */
export const lionPart = Optimiser.part({ name: 'lion', version: 1, options: lionOptions, make: lion });
/** `{ use: 'muon' }` */
export const muonPart = Optimiser.part({ name: 'muon', version: 1, options: muonOptions, make: muon });
