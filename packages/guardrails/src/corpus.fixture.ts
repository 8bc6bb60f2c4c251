// How the rule rails do on a labelled corpus: exact spans, by category.
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { passRails } from './chain/pass.js';
import { piiRail } from './pii/pii.js';
import { secretsRail } from './rails/secrets.js';
import { toxicityRail } from './rails/toxicity.js';

const part = z.object({
  rows: z.array(z.object({ text: z.string(), spans: z.array(z.tuple([z.string(), z.int(), z.int()])) })),
  injections: z.array(z.object({ text: z.string(), attack: z.boolean() })),
});
const labelled = z.array(z.object({ text: z.string(), label: z.boolean() }));
export type CorpusPart = z.output<typeof part>;
/** Made by bench/peers/rail_corpus.py. */
export const corpus = z
  .object({ first: part, second: part, heldOut: part, sentences: z.object({ train: labelled, heldOut: labelled }) })
  .parse(JSON.parse(readFileSync(new URL('fixtures/rail-corpus.json', import.meta.url), 'utf8')));

export interface Counts {
  found: number;
  missed: number;
  wrong: number;
}
const SECRETS = /key|token/;
const HARM = new Set(['threat', 'self-harm', 'insult', 'hate']);
/** Secrets are one group, and so is the lexicon. */
const groupOf = (category: string): string =>
  SECRETS.test(category) ? 'secrets' : HARM.has(category) ? 'toxicity' : category;

/** Counts by group; a find is right when category and span are exactly those of the corpus. What is not is told in `faults`. */
export const measure = async (rows: CorpusPart['rows']) => {
  const rails = [piiRail(), secretsRail(), toxicityRail(undefined, 'redact')];
  const counts = new Map<string, Counts>();
  const faults: string[] = [];
  const of = (category: string): Counts => {
    const group = groupOf(category);
    const known = counts.get(group) ?? { found: 0, missed: 0, wrong: 0 };
    counts.set(group, known);
    return known;
  };
  for (const { text, spans } of rows) {
    const { verdicts } = await passRails(rails, text, 'output');
    const said = verdicts.map(({ category, span }) => `${category} ${span.join('-')}`);
    const wanted = spans.map(([category, start, end]) => `${category} ${start}-${end}`);
    for (const [at, [category]] of spans.entries()) of(category)[said.includes(wanted[at]!) ? 'found' : 'missed']++;
    for (const { category, span } of verdicts)
      if (!wanted.includes(`${category} ${span.join('-')}`)) of(category).wrong++;
    if (said.join() !== wanted.join())
      faults.push(`${JSON.stringify(text)}: wanted ${wanted.join() || 'nothing'}, got ${said.join() || 'nothing'}`);
  }
  return { counts, faults };
};
export const recall = ({ found, missed }: Counts): number => found / (found + missed);
export const precision = ({ found, wrong }: Counts): number => found / (found + wrong);
/** All groups together. */
export const total = (counts: Iterable<Counts>): Counts =>
  [...counts].reduce((a, b) => ({ found: a.found + b.found, missed: a.missed + b.missed, wrong: a.wrong + b.wrong }), {
    found: 0,
    missed: 0,
    wrong: 0,
  });
