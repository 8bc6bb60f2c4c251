// The matches of a pattern in a text that may still go on: those that are certain, and where the next may begin.
import type { StreamPattern } from './stream-pattern.js';

/**
 * Which part of a candidate counts, [start, end) within it; 'pass': nothing of it, nor anything inside; undefined: it is none, and the next may
 * begin one character on. It may look at the text before the candidate, never after.
 */
export type Accept = (candidate: string, before: string) => readonly [number, number] | 'pass' | undefined;
export interface Scanned {
  readonly spans: readonly (readonly [number, number])[];
  /** From each candidate's start to where the search went on: a search that begins anew must not begin inside one. */
  readonly taken: readonly (readonly [number, number])[];
  readonly settled: number;
}

/** An engine may begin a lookaround between the halves of a surrogate pair; a text is never settled there. */
const insidePair = (text: string, at: number): boolean =>
  /^[\uDC00-\uDFFF]/.test(text.slice(at, at + 1)) && /^[\uD800-\uDBFF]/.test(text.slice(at - 1, at));

/** Everything of a candidate. */
export const whole: Accept = (candidate) => [0, candidate.length];

/**
 * Matches from `from` on, leftmost first, none overlapping another; a candidate that `accept` turns down is passed by one character. While the
 * text is not final, the first place from which a match may still begin or go on ends the search: that is `settled`.
 */
export const scan = (
  { whole: full, open }: StreamPattern,
  { text, from, final }: { readonly text: string; readonly from: number; readonly final: boolean },
  accept: Accept = whole,
): Scanned => {
  const openFrom = (at: number): number => {
    if (final) return Infinity;
    open.lastIndex = at;
    const found = open.exec(text)?.index ?? text.length;
    return insidePair(text, found) ? found - 1 : found;
  };
  const spans: (readonly [number, number])[] = [];
  const taken: (readonly [number, number])[] = [];
  let at = from;
  let unsettled = openFrom(at);
  for (;;) {
    full.lastIndex = at;
    const found = full.exec(text);
    if (!found || found.index >= unsettled) return { spans, taken, settled: Math.min(unsettled, text.length) };
    const part = accept(found[0], text.slice(0, found.index));
    if (part === undefined) at = found.index + (found[0].codePointAt(0)! > 0xffff ? 2 : 1);
    else {
      const [start, end] = part === 'pass' ? [0, found[0].length] : part;
      if (part !== 'pass') spans.push([found.index + start, found.index + end]);
      at = found.index + end;
      taken.push([found.index, at]);
    }
    if (unsettled < at) unsettled = openFrom(at);
  }
};
