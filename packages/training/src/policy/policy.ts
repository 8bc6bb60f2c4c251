// A policy: a model on a device, what of it learns, and, where that costs nothing, the model as it was.
import type { AdapterValue, LiveModel, ModelValue } from '@ingot/contracts';
import type { ParameterTree } from '@ingot/tensor';

/**
 * What training works on, the same for full, partial and adapter training: a model and the set of its parameters that learn.
 * Frozen parameters get no gradient and no moments, and no place in a checkpoint: everything walks `parameters`.
 */
export interface Policy {
  /** The model as it trains, an adapter applied; with the adapter's dropout after `at`. */
  readonly live: LiveModel;
  /** The same weights without an adapter's dropout, whatever `at` said: for evaluating and sampling in between. */
  readonly still: LiveModel;
  /** What learns, and nothing else: for the optimiser, clipping and checkpoints. The policy disposes of it. */
  readonly parameters: ParameterTree;
  /** The model as it was opened, bit for bit: the adapter switched off. Undefined where the weights themselves move. */
  readonly reference?: LiveModel;
  /** Numbers that learn, and numbers in all (those of the adapter included), as PEFT counts them. */
  readonly counts: { readonly trainable: number; readonly all: number };
  /** Before each micro-batch: the step and the place of its first row in the batch, for an adapter's dropout. */
  at(step: number, firstRow: number): void;
  /** The model as it is now, an adapter merged and carried beside the weights: copied to the host where it learnt, read from the opened model where it did not. */
  result(): ModelValue;
  /** The adapter alone as it is now, copied to the host; undefined where the weights themselves move. Extra parameters are not part of it. */
  adapter(): AdapterValue | undefined;
  /** Frees everything on the device. */
  dispose(): void;
}

/** PEFT's `print_trainable_parameters`, word for word. */
export function trainableLine({ trainable, all }: Policy['counts']): string {
  const digits = (n: number): string => n.toLocaleString('en-US');
  return `trainable params: ${digits(trainable)} || all params: ${digits(all)} || trainable%: ${((100 * trainable) / all).toFixed(4)}`;
}
