// A loss with all that options, docs and comparisons follow from.
import type { BatchStatistics, LossParts, PreferenceBatch } from '@ingot/contracts';
import type * as z from 'zod';

export interface LossDefinition<
  Name extends string = string,
  Options extends z.ZodObject = z.ZodObject,
  S extends BatchStatistics = BatchStatistics,
> {
  readonly name: Name;
  /** In the key of every stage that chose it: raise it when the mathematics changes. */
  readonly version: number;
  /** Authors, year, title, arXiv number. */
  readonly paper: string;
  /** Which equation, and the equation: c, r are log-ratios of chosen and rejected, Δ = c − r. */
  readonly equation: string;
  /** Whether it reads the reference's log-probabilities. */
  readonly reference: boolean;
  /** What it learns from: pairs, or completions each liked or disliked. */
  readonly feedback: 'pairs' | 'labels';
  readonly options: Options;
  loss(batch: PreferenceBatch, options?: z.input<Options>, statistics?: S): LossParts;
  /** The pre-pass over the whole batch, for losses that are no plain sum over rows. */
  statistics?(whole: PreferenceBatch, options?: z.input<Options>, previous?: S): S;
}

/** Keeps the literal types of a definition: its name, its options, its statistics. */
export const defineLoss = <const Name extends string, Options extends z.ZodObject, S extends BatchStatistics>(
  definition: LossDefinition<Name, Options, S>,
): LossDefinition<Name, Options, S> => definition;
