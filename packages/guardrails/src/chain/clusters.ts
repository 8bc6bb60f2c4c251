// Verdicts that overlap become one place of the text, with the strictest decision among them.
import { type Decision, DECISIONS, type Verdict } from '@ingot/contracts';

export interface Place {
  readonly start: number;
  readonly end: number;
  /** The strictest verdict; of equals the one that begins first, of those the longest. */
  readonly leads: Verdict;
}

/** 0 for 'allow' up to 3 for 'escalate'. */
export const strictness = (decision: Decision): number => DECISIONS.indexOf(decision);
const before = (a: Verdict, b: Verdict): number => a.span[0] - b.span[0] || b.span[1] - a.span[1];

/** The strictest decision of these verdicts; 'allow' of none. */
export const strictest = (verdicts: readonly Verdict[]): Decision =>
  verdicts.reduce<Decision>(
    (most, { decision }) => (strictness(decision) > strictness(most) ? decision : most),
    'allow',
  );

/** Places in the order of the text; what is only allowed changes nothing and makes none. Spans that touch stay apart. */
export const places = (verdicts: readonly Verdict[]): readonly Place[] => {
  const found: Place[] = [];
  for (const verdict of verdicts.filter(({ decision }) => decision !== 'allow').toSorted(before)) {
    const [start, end] = verdict.span;
    const last = found.at(-1);
    if (!last || start >= last.end) found.push({ start, end, leads: verdict });
    else
      found[found.length - 1] = {
        start: last.start,
        end: Math.max(last.end, end),
        leads: strictness(verdict.decision) > strictness(last.leads.decision) ? verdict : last.leads,
      };
  }
  return found;
};
