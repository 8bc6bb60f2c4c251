// The gate before shipping: a measure that fell too far is an error, so that nothing after the stage runs.
import { IngotError, suggest } from '@ingot/core';
import * as z from 'zod';
import type { Difference, Evaluation } from './compare-models.js';

/** 'no-regression', or how much worse each named measure may be: by its number, against every model that was given. */
export const gateOption = z.union([
  z.literal('no-regression'),
  z.record(z.string(), z.strictObject({ atMostWorseBy: z.number().min(0) })),
]);
export type Gate = z.output<typeof gateOption>;

/** A measure is named 'task/measure', or 'task' for all measures of it. */
const isOf = ({ task, measure }: Difference, name: string): boolean => name === `${task}/${measure}` || name === task;

/** Wholly on the worse side of zero. */
const surelyWorse = ({ interval, worseBy, difference }: Difference): boolean => {
  if (!(worseBy > 0)) return false;
  return interval === undefined || (difference > 0 ? interval.low > 0 : interval.high < 0);
};

function fallen({ differences }: Evaluation, gate: Gate): string[] {
  if (gate === 'no-regression')
    return differences
      .filter(surelyWorse)
      .map(({ words }) => `${words} The gate wants no measure whose whole interval is worse.`);
  return Object.entries(gate).flatMap(([name, { atMostWorseBy }]) =>
    differences
      .filter((one) => isOf(one, name) && one.worseBy > atMostWorseBy)
      .map(({ words }) => `${words} The gate '${name}' allows ${atMostWorseBy}.`),
  );
}

/**
 * Lets an evaluation pass, or throws `gate-failed` that says which measures fell and by how much. Throws `bad-options` when there is nothing
 * to compare with, or for a name that no measure has.
 */
export function checkGate(evaluation: Evaluation, gate: Gate): void {
  const where = "Stage 'evaluate', option 'gate'";
  const { differences } = evaluation;
  if (differences.length === 0)
    throw new IngotError(
      'bad-options',
      `${where}: wanted a model to compare with and tasks to compare on, got none. Wire 'against', and give 'tasks' or wire 'text'.`,
    );
  const names = [...new Set(differences.flatMap(({ task, measure }) => [task, `${task}/${measure}`]))];
  if (gate !== 'no-regression')
    for (const name of Object.keys(gate))
      if (!names.includes(name))
        throw new IngotError(
          'bad-options',
          `${where}: wanted the name of a task or of 'task/measure', got '${name}'.${suggest(name, names)}`,
        );
  const reasons = fallen(evaluation, gate);
  if (reasons.length > 0)
    throw new IngotError(
      'gate-failed',
      `Stage 'evaluate' holds the model back: ${reasons.join(' ')} Train on, mix in what was lost (10 to 20% of SFT data), raise beta, or loosen the gate.`,
    );
}
