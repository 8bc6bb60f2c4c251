// Which principle changed which answer, how often that was for the better, and what it cost: sums that stand in checkpoints, and the report of them.
import { wilson, type ReportValue } from '@ingot/contracts';
import type { Labelled } from '../prefer/soft-label.js';
import { type Constitution, constitutionDigest } from '../principles/constitution.js';
import { type Dropped, finalAnswer, type Outcome } from './revise.js';

/** Plain JSON. */
export interface PrincipleTally {
  applied: number;
  /** Places of the answers that it changed. */
  readonly changed: number[];
  /** Σ of the share of words that were kept, over the changed ones. */
  kept: number;
  read: number;
  written: number;
  /** Of the changes that a judge compared with what was before: Σ of 1 for a win and ½ for a tie, how many, and how many had no verdict. */
  won: number;
  judged: number;
  missing: number;
}
export interface ReviseTally {
  readonly principles: Record<string, PrincipleTally>;
  readonly dropped: Record<Dropped, number>;
  prompts: number;
  examples: number;
  /** Examples whose answer is not the first one. */
  changed: number;
  /** Of the first answers. */
  read: number;
  written: number;
  milliseconds: number;
  /** What was got in place of a verdict, the first few. */
  readonly reasons: string[];
}

/** Nothing yet, with a row for every principle. */
export const freshTally = ({ principles }: Constitution): ReviseTally => ({
  principles: Object.fromEntries(
    principles.map(({ id }) => [
      id,
      { applied: 0, changed: [], kept: 0, read: 0, written: 0, won: 0, judged: 0, missing: 0 },
    ]),
  ),
  dropped: { 'too long': 0, 'no answer': 0, 'no revision': 0 },
  prompts: 0,
  examples: 0,
  changed: 0,
  read: 0,
  written: 0,
  milliseconds: 0,
  reasons: [],
});

const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];
/** The share of the words of both that both have, as multisets: 1 for the same words, 0 for none in common (Dice). */
export const sharedWords = (a: string, b: string): number => {
  const [left, right] = [words(a), words(b)];
  const count = new Map<string, number>();
  for (const word of left) count.set(word, (count.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of right) {
    const rest = count.get(word) ?? 0;
    if (rest > 0) shared++;
    count.set(word, rest - 1);
  }
  return left.length + right.length === 0 ? 1 : (2 * shared) / (left.length + right.length);
};

/** Adds what became of one prompt. */
export const addOutcome = (tally: ReviseTally, outcome: Outcome): void => {
  tally.prompts++;
  if ('dropped' in outcome) {
    tally.dropped[outcome.dropped]++;
    return;
  }
  tally.examples++;
  tally.read += outcome.read;
  tally.written += outcome.written;
  if (finalAnswer(outcome) !== outcome.first) tally.changed++;
  for (const { principle, before, after, read, written } of outcome.rounds) {
    const one = tally.principles[principle];
    if (!one) continue;
    one.applied++;
    one.read += read;
    one.written += written;
    if (before === after) continue;
    if (one.changed.at(-1) !== outcome.place) one.changed.push(outcome.place);
    one.kept += sharedWords(before, after);
  }
};

/** Counts what a judge said of one change: above a half the revised answer is the better one. */
export const addVerdict = (tally: ReviseTally, principle: string, label: Labelled): void => {
  const one = tally.principles[principle];
  if (!one) return;
  if ('missing' in label) {
    one.missing++;
    if (tally.reasons.length < 3) tally.reasons.push(label.missing);
    return;
  }
  one.judged++;
  one.won += (Math.sign(label.probability - 0.5) + 1) / 2;
};

/** How often the revised answer beats the one before it, ties counting half, with Wilson's interval; nothing where no change was judged. */
const winRate = ({ won, judged, missing }: PrincipleTally): Readonly<Record<string, number>> => {
  if (judged + missing === 0) return {};
  if (judged === 0) return { judged, missing };
  const { rate, low, high } = wilson(won, judged);
  return { judged, ...(missing > 0 ? { missing } : {}), 'win rate': round(rate), low: round(low), high: round(high) };
};

/** Most places that a report names for one principle. */
const NAMED = 60;
const round = (value: number): number => Number(value.toFixed(4));

/** A row for each principle: how often it was applied, which answers it changed and how much, tokens; the whole below. */
export const reviseReport = (tally: ReviseTally, constitution: Constitution): ReportValue => {
  const rows = Object.entries(tally.principles).map(([name, one]) => {
    const { applied, changed, kept, read, written } = one;
    return {
      name,
      values: {
        applied,
        changed: changed.length,
        'words kept': changed.length > 0 ? round(kept / changed.length) : 1,
        ...winRate(one),
        'tokens read': read,
        'tokens written': written,
        answers: changed.slice(0, NAMED).join(' ') + (changed.length > NAMED ? ' …' : ''),
      },
    };
  });
  const judged = rows.some(({ values }) => 'judged' in values);
  const dropped = Object.entries(tally.dropped).flatMap(([why, count]) => (count > 0 ? [`${count} ${why}`] : []));
  return {
    title: 'Critiques and revisions',
    rows: [
      ...rows,
      {
        name: 'first answers',
        values: { applied: tally.prompts, 'tokens read': tally.read, 'tokens written': tally.written },
      },
    ],
    notes: [
      `Constitution '${constitution.name}' version ${constitution.version}, sha256 ${constitutionDigest(constitution)}.`,
      `${tally.examples} examples of ${tally.prompts} prompts, ${tally.changed} of them changed${dropped.length > 0 ? `; dropped: ${dropped.join(', ')}` : ''}.`,
      "'answers' are the places of the prompts whose answer the principle changed, counted from 0; 'words kept' is the share of words that both have.",
      ...(judged
        ? [
            `'win rate': how often the judge, asked in both orders by the principle, finds the revised answer better than the one before it; ties count half; low and high are Wilson's interval at 95%.${tally.reasons.length > 0 ? ` No verdict, the first: ${tally.reasons[0]}` : ''}`,
          ]
        : []),
    ],
  };
};
