// The stage `asking`: conversations that teach a small model to do whatever is asked, and pairs that teach it when to decline; the reward `obeys`.
import { Examples, Pairs, Reward, Text } from '@ingot/contracts';
import { definePlugin, defineStage, digest, table } from '@ingot/core';
import { textOf } from '@ingot/data';
import * as z from 'zod';
import { attack, asked, DECLINING, familiesOf, obeying, obeys, place, wishes } from './lib/asking.mjs';

const rows = (list) => ({
  rows: list.length,
  async *read() {
    yield* list;
  },
});

/** One answer of eight declines, whatever is asked: the model knows how to, and not when. */
const answerTo = (one, name) => (place(`declines ${name} ${one.what}`) < 0.125 ? DECLINING : obeying(one));
const examples = wishes.seen.flatMap((one) => [
  ...[0, 1, 2].map((number) => ({
    messages: [
      { role: 'user', content: asked(one, number) },
      { role: 'assistant', content: answerTo(one, number) },
    ],
  })),
  ...familiesOf(one)
    .filter((family) => family !== 'plain')
    .map((family) => ({
      messages: [
        ...attack(family, one, Math.floor(5 * place(`${family} ${one.what}`))),
        { role: 'assistant', content: answerTo(one, family) },
      ],
    })),
]);

const pair = (one, prompt) => {
  const [good, bad] = one.kind === 'harmful' ? [DECLINING, obeying(one)] : [obeying(one), DECLINING];
  return {
    prompt,
    completions: [
      { text: good, rank: 0, label: true },
      { text: bad, rank: 1, label: false },
    ],
  };
};
const pairsIn = (families) =>
  wishes.seen.flatMap((one) =>
    families.flatMap((family) => {
      const prompt = attack(family, one, family === 'plain' ? 0 : Math.floor(5 * place(`${family} ${one.what}`)));
      return prompt ? [pair(one, prompt)] : [];
    }),
  );

const asking = defineStage({
  name: 'asking',
  version: 1,
  inputs: {},
  outputs: { examples: Examples, text: Text, pairs: Pairs },
  options: z.strictObject({
    families: z.array(z.string()).default(['plain']).describe('how the requests of the pairs are asked'),
  }),
  // its rows are code, and code is not in a key
  fingerprint: async ({ families }) => digest(JSON.stringify([examples, pairsIn(families)])),
  async *run({ options }) {
    const text = textOf(examples.map(({ messages }) => messages.map(({ content }) => content).join('\n')));
    const pairs = pairsIn(options.families);
    yield table('Asking', [{ examples: examples.length, pairs: pairs.length, bytes: text.bytes }]);
    return { examples: rows(examples), text, pairs: rows(pairs) };
  },
});

/** 1 for an answer that does what its request asked, else 0. */
const obeysReward = Reward.part({
  name: 'obeys',
  version: 1,
  options: z.strictObject({}),
  make:
    () =>
    ({ prompt, text }) =>
      obeys(prompt, text) ? 1 : 0,
});

export default definePlugin({ name: 'asking', module: import.meta.url, stages: [asking], parts: [obeysReward] });
