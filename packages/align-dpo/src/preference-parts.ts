// Every loss as a part of the role `preference-loss`: `loss: { use: 'ipo', beta: 0.2 }` in a stage's options.
import { PreferenceLoss, type BatchStatistics, type PreferenceLossValue } from '@ingot/contracts';
import type { Part } from '@ingot/core';
import type * as z from 'zod';
import type { LossDefinition } from './define-loss.js';
import { losses } from './losses/table.js';

/** A loss at work with its options; a step's own β takes the place of the option where the loss has one. */
export function lossValue<Options extends z.ZodObject, S extends BatchStatistics>(
  { options, reference, feedback, loss, statistics }: LossDefinition<string, Options, S>,
  chosen: z.input<Options>,
): PreferenceLossValue {
  const at = (beta?: number): z.input<Options> =>
    beta === undefined || !('beta' in options.shape) ? chosen : { ...chosen, beta };
  const own = (options.parse(chosen) as { readonly beta?: number }).beta;
  return {
    reference,
    feedback,
    ...(own === undefined ? {} : { beta: own }),
    loss: (batch, known, beta) => loss(batch, at(beta), known as S | undefined),
    ...(statistics && {
      statistics: (whole, previous, beta) => statistics(whole, at(beta), previous as S | undefined),
    }),
  };
}

/** A loss as a part, so that a loss of one's own is installed the same way. */
export function lossPart<const Name extends string, Options extends z.ZodObject, S extends BatchStatistics>(
  definition: LossDefinition<Name, Options, S>,
): Part<'preference-loss', Name, Options> {
  const { name, version, options } = definition;
  return PreferenceLoss.part({
    name,
    version,
    options,
    make: (read) => lossValue(definition, read as z.input<Options>),
  });
}

type Losses = typeof losses;
/** The part of each loss, by its literal name and options. */
type PartOf<K extends keyof Losses> = K extends keyof Losses ? Part<'preference-loss', K, Losses[K]['options']> : never;

/** The parts, one a loss of the table: a loss that joins it is installed. */
export const preferenceParts = Object.values(losses).map((definition) =>
  lossPart(definition as LossDefinition),
) as unknown as readonly PartOf<keyof Losses>[];
