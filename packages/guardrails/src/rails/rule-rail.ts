// A rail of rules: each a bounded pattern, what counts of its matches, and what is to be done with them.
import type { Decision, Inspection, RailSide, RailText, RailValue, Verdict } from '@ingot/contracts';
import { scan, type Accept, type Scanned } from '../pattern/scan.js';
import type { StreamPattern } from '../pattern/stream-pattern.js';

export interface Rule {
  readonly category: string;
  readonly decision: Decision;
  readonly pattern: StreamPattern;
  /** What of a candidate counts; all of it unless said. */
  readonly accept?: Accept;
}

interface Found {
  readonly taken: Scanned['taken'];
  readonly verdicts: readonly Verdict[];
  readonly settled: number;
}

const inspectRule = ({ category, decision, pattern, accept }: Rule, given: RailText): Found => {
  const { spans, taken, settled } = scan(pattern, given, accept);
  return { verdicts: spans.map((span) => ({ decision, category, score: 1, span })), taken, settled };
};

/** Several answers as one: settled where all are, and never inside what one of them took, so that each may be asked again from there. */
export const together = (found: readonly Found[], { text, final }: RailText): Inspection => {
  const verdicts = found.flatMap((one) => one.verdicts);
  if (final) return { verdicts, settled: text.length };
  let settled = Math.min(text.length, ...found.map((one) => one.settled));
  for (;;) {
    const inside = found.flatMap(({ taken }) => taken.filter(([start, end]) => start < settled && end > settled));
    if (inside.length === 0) break;
    settled = Math.min(...inside.map(([start]) => start));
  }
  return { verdicts: verdicts.filter(({ span }) => span[0] < settled), settled };
};

/** A rail that applies rules, each on its own. */
export const ruleRail = (
  name: string,
  rules: readonly Rule[],
  sides: readonly RailSide[] = ['input', 'output'],
): RailValue => ({
  name,
  sides,
  inspect: (given) =>
    together(
      rules.map((rule) => inspectRule(rule, given)),
      given,
    ),
});
