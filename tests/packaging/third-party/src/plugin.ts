// A plugin of its own package: a stage that counts letters, a sampler that keeps even ids, and the alphabet as a service.
import { Report, Sampler, Text } from '@ingot/contracts';
import { definePlugin, defineStage, one, table, token, type Token } from '@ingot/core';
import * as z from 'zod';

/** The letters that count. */
export interface Alphabet {
  readonly letters: string;
}
export const Alphabet: Token<Alphabet> = token<Alphabet>('@elsewhere/letters', 'alphabet');

/** Keeps even ids; where there is none, all. */
export const even = Sampler.part({
  name: 'even',
  version: 1,
  options: z.strictObject({}),
  make: () => (logits) => {
    const kept = logits.map((logit, id) => (id % 2 === 0 ? logit : -Infinity));
    return kept.some((logit) => logit !== -Infinity) ? kept : logits;
  },
});

/** Counts of letters in a text; a sampler says which rows of the table stay. */
export const letters = defineStage({
  name: 'letters',
  version: 1,
  inputs: { text: Text },
  outputs: { report: Report },
  needs: { alphabet: Alphabet },
  options: z.strictObject({ keep: one(Sampler).prefault({ use: 'even' }) }),
  view: z.strictObject({ title: z.string().default('Letters') }),
  async *run({ inputs, options, view, services }) {
    const names = [...services.alphabet.letters];
    const counts = new Float32Array(names.length);
    for await (const document of inputs.text.read())
      for (const letter of document.toLowerCase()) if (names.includes(letter)) counts[names.indexOf(letter)]! += 1;
    const kept = options.keep(counts, { history: [], promptLength: 0 });
    const rows = names
      .map((name, i) => ({ name, values: { count: counts[i] ?? 0 } }))
      .filter((_, i) => kept[i] !== -Infinity);
    yield table(
      view.title,
      rows.map(({ name, values }) => ({ name, ...values })),
    );
    return { report: { title: 'letters', rows, notes: [] } };
  },
});

export default definePlugin({
  name: '@elsewhere/letters',
  version: '1.0.0',
  stages: [letters],
  parts: [even],
  services: (bind) => bind.value(Alphabet, { letters: 'abcdefghijklmnopqrstuvwxyz' }, { fingerprint: 'latin' }),
});
