// How much of held-out text a model has seen in training: shared runs of n words. Brown et al. 2020, "Language Models are Few-Shot Learners", appendix C (13-grams).
import { Report, Text, type ReportValue } from '@ingot/contracts';
import { defineStage, table, warning } from '@ingot/core';
import * as z from 'zod';
import { runsOf, wordsIn } from './shingles.js';

export interface Overlap {
  /** Which held-out document, from 0. */
  readonly document: number;
  /** Its runs of n words that training text has too, and how many it has. */
  readonly shared: number;
  readonly runs: number;
}
export interface Contamination {
  /** Held-out documents with a shared run, in order. */
  readonly overlaps: readonly Overlap[];
  readonly documents: number;
  /** Documents of fewer than n words, about which nothing can be said. */
  readonly tooShort: number;
}

type Documents = Iterable<string> | AsyncIterable<string>;

/**
 * The held-out documents that share a run of n words with the training documents, compared word by word without case and punctuation:
 * nothing is estimated. The held-out side is held in memory, the training side is read once.
 */
export const contamination = async (train: Documents, held: Documents, n = 13): Promise<Contamination> => {
  const owners = new Map<string, Set<number>>();
  const runs: number[] = [];
  let tooShort = 0;
  for await (const document of held) {
    const words = wordsIn(document);
    const own = words.length < n ? [] : new Set(runsOf(words, n));
    if (words.length < n) tooShort++;
    for (const run of own) {
      const known = owners.get(run);
      if (known) known.add(runs.length);
      else owners.set(run, new Set([runs.length]));
    }
    runs.push('size' in own ? own.size : 0);
  }
  const shared = new Map<number, number>();
  for await (const document of train) {
    const words = wordsIn(document);
    if (words.length < n) continue;
    for (const run of runsOf(words, n)) {
      for (const owner of owners.get(run) ?? []) shared.set(owner, (shared.get(owner) ?? 0) + 1);
      owners.delete(run); // found once is enough
    }
  }
  const overlaps = [...shared]
    .map(([document, count]) => ({ document, shared: count, runs: runs[document]! }))
    .toSorted((a, b) => a.document - b.document);
  return { overlaps, documents: runs.length, tooShort };
};

const SHOWN = 20;

/** A report of held-out documents that share runs of words with the training text, the worst first. */
export const contaminationStage = defineStage({
  name: 'contamination',
  version: 1,
  inputs: { train: Text, heldOut: Text },
  outputs: { report: Report },
  options: z.strictObject({ n: z.int().positive().default(13).describe('How many words in a row count as seen.') }),
  async *run({ inputs, options: { n } }) {
    const { overlaps, documents, tooShort } = await contamination(inputs.train.read(), inputs.heldOut.read(), n);
    const rows = overlaps
      .toSorted((a, b) => b.shared / b.runs - a.shared / a.runs)
      .slice(0, SHOWN)
      .map(({ document, shared, runs }) => ({
        name: `document ${document + 1}`,
        values: { shared, runs, share: Number((shared / runs).toFixed(4)) },
      }));
    const summary = { 'held out': documents, seen: overlaps.length, 'too short to say': tooShort };
    yield table('Contamination', [summary]);
    if (overlaps.length > 0)
      yield warning(
        `${overlaps.length} of ${documents} held-out documents share ${n} words in a row with the training text: measures on them may be too good. Deduplicate before the split, or leave them out.`,
      );
    const report: ReportValue = {
      title: 'Contamination',
      rows: [{ name: 'all', values: summary }, ...rows],
      notes: [
        `Runs of ${n} words, without case and punctuation, that training and held-out text share; the ${SHOWN} worst documents are listed.`,
      ],
    };
    return { report };
  },
});
