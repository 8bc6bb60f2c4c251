// How many verdicts are missing, and when that is too many to go on.
import { IngotError } from '@ingot/core';

/** Plain JSON: it stands in checkpoints. */
export interface JudgeCounts {
  asked: number;
  missing: number;
  consistent: number;
  /** What was got in place of a verdict, the first few. */
  readonly reasons: string[];
}
/** Before the first question. */
export const freshCounts = (): JudgeCounts => ({ asked: 0, missing: 0, consistent: 0, reasons: [] });

/** Before so many questions a share says little; a judge that never answers is noticed after this many. */
const ENOUGH = 20;

/** Throws `bad-numbers` when more than `limit` of the questions have no verdict, as soon as enough were asked, or at the end. */
export function refuseMissing(counts: JudgeCounts, limit: number, where: string, atEnd: boolean): void {
  const { asked, missing, reasons } = counts;
  if (asked === 0 || missing <= limit * asked || (!atEnd && asked < ENOUGH)) return;
  throw new IngotError(
    'bad-numbers',
    `${where}: the judge gave no verdict on ${missing} of ${asked} questions; at most ${100 * limit}% may be missing. Got: ${reasons.join(' | ')}. Mend the judge, give it more time (timeoutMs) or tries (retries), or raise maxMissing.`,
  );
}

/** Counts one verdict or its absence. */
export function count(
  counts: JudgeCounts,
  verdict: { readonly consistent: boolean } | { readonly missing: string },
): void {
  counts.asked++;
  if ('missing' in verdict) {
    counts.missing++;
    if (counts.reasons.length < 3) counts.reasons.push(verdict.missing);
  } else if (verdict.consistent) counts.consistent++;
}
