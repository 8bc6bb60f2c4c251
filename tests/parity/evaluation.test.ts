// The evaluator's verbs on transformers' tiny GPT-2: numbers of bench/peers/evaluation_reference.py, and the same bits in any order and batch.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadParameters, type EvaluationOptions } from '@ingot/contracts';
import { bitsPerByteMeasures, evaluatedModel, measureValue, multipleChoiceMeasures, scoreText } from '@ingot/eval';
import { gptFamily } from '@ingot/model-gpt';
import { plainWeights, referenceDevice } from '@ingot/tensor';
import { tokenizerValue } from '@ingot/text';
import { readModelFolder } from '@ingot/training';
import { beforeAll, describe, expect, it } from 'vitest';

interface Reference {
  readonly pairs: readonly {
    readonly context: string;
    readonly continuation: string;
    readonly logProbability: number;
    readonly tokens: number;
    readonly greedy: boolean;
  }[];
  readonly choices: readonly {
    readonly prompt: string;
    readonly choices: readonly string[];
    readonly answer: number;
    readonly scores: readonly number[];
    readonly taken: Readonly<Record<'acc' | 'acc_norm' | 'acc_bytes', number>>;
  }[];
  readonly rolling: readonly {
    readonly text: string;
    readonly logProbability: number;
    readonly tokens: number;
    readonly bytes: number;
  }[];
  readonly bits_per_byte: number;
  readonly newTokens: number;
  readonly generated: readonly { readonly prompt: string; readonly text: string }[];
}
const here = fileURLToPath(new URL('./', import.meta.url));
const reference = JSON.parse(readFileSync(join(here, 'data/evaluation.json'), 'utf8')) as Reference;

let open: (options?: EvaluationOptions) => ReturnType<typeof evaluatedModel>;
beforeAll(async () => {
  const stored = await readModelFolder(join(here, '../data/tiny-random-gpt2'), {
    families: [gptFamily],
    tokenizerValue,
  });
  const device = referenceDevice();
  const parameters = await loadParameters(device, gptFamily, stored);
  const live = { device, family: gptFamily, design: stored.design, weights: plainWeights(parameters) };
  open = (options = {}) => evaluatedModel(live, options);
});

/** fp32 losses of about ln 1000 with logits within 1e-4 of transformers': 1e-5 of the sum. */
const close = (got: number | undefined, wanted: number) =>
  expect(Math.abs((got ?? Number.NaN) - wanted)).toBeLessThan(1e-5 * Math.abs(wanted));

describe("transformers' numbers", () => {
  it('log-likelihoods: spaces, empty contexts, contexts cut from the left', async () => {
    const got = await open().logLikelihood(reference.pairs);
    for (const [i, wanted] of reference.pairs.entries()) {
      close(got[i]?.logProbability, wanted.logProbability);
      expect(got[i]).toMatchObject({ tokens: wanted.tokens, greedy: wanted.greedy });
    }
  });
  it('rolling log-likelihoods in windows, and bits per byte', async () => {
    const texts = reference.rolling.map(({ text }) => text);
    const got = await open().rollingLogLikelihood(texts);
    for (const [i, wanted] of reference.rolling.entries()) {
      close(got[i]?.logProbability, wanted.logProbability);
      expect(got[i]).toMatchObject({ tokens: wanted.tokens, bytes: wanted.bytes, start: 0 });
      const blocks = got[i]?.blocks ?? [];
      close(
        blocks.reduce((sum, block) => sum + block.logProbability, 0),
        wanted.logProbability,
      );
      expect(blocks.reduce((sum, block) => sum + block.bytes, 0)).toBe(wanted.bytes);
      expect(blocks.slice(0, -1).every(({ bytes }) => bytes === 1024)).toBe(true);
    }
    const known = { ...open(), rollingLogLikelihood: async () => got };
    const [measure] = await bitsPerByteMeasures(known, texts);
    close(measure && measureValue(measure), reference.bits_per_byte);
    const few = reference.rolling.slice(0, 2);
    const score = await scoreText(
      open(),
      few.map(({ text }) => text),
    );
    const nll = few.reduce((sum, { logProbability }) => sum - logProbability, 0);
    close(score.nll, nll);
    expect(score).toMatchObject({ tokens: 10, bytes: 17 });
    close(score.perplexity, Math.exp(nll / 10));
    close(score.bitsPerByte, nll / (17 * Math.LN2));
  });
  it('multiple choice: acc, acc_norm, acc_bytes of every item', async () => {
    const measures = await multipleChoiceMeasures(open(), reference.choices);
    for (const { name, items } of measures)
      expect(items.map(({ value }) => value)).toEqual(
        reference.choices.map(({ taken, answer }) => (taken[name as keyof typeof taken] === answer ? 1 : 0)),
      );
    // The three measures are told apart by these items, else the test would show nothing.
    expect(new Set(reference.choices.map(({ taken }) => Object.values(taken).join())).size).toBeGreaterThan(2);
  });
  it('greedy generation', async () => {
    const requests = reference.generated.map(({ prompt }) => ({ prompt, until: [], tokens: reference.newTokens }));
    expect(await open().generateUntil(requests)).toEqual(reference.generated.map(({ text }) => text));
  });
});

describe('the same bits', () => {
  const requests = () => [
    ...reference.pairs,
    ...reference.choices.flatMap(({ prompt, choices }) =>
      choices.map((choice) => ({ context: prompt, continuation: ` ${choice}` })),
    ),
  ];
  it.each([1, 700])('whatever the order, in calls of %i rows', async (rows) => {
    const all = requests();
    const wanted = await open().logLikelihood(all);
    const order = all.map((_, i) => (i * 7 + 3) % all.length);
    expect(new Set(order).size).toBe(all.length);
    const got = await open({ rows }).logLikelihood(order.flatMap((i) => all[i] ?? []));
    expect(got).toEqual(order.map((i) => wanted[i]));
    const texts = reference.rolling.map(({ text }) => text.slice(0, 300));
    const rolled = await open().rollingLogLikelihood(texts);
    expect(await open({ rows }).rollingLogLikelihood(texts.toReversed())).toEqual(rolled.toReversed());
  });
  it('generated in any order, stop strings mixed', async () => {
    const all = reference.generated.flatMap(({ prompt, text }) => [
      { prompt, until: [], tokens: 6 },
      { prompt, until: [text.slice(3, 5)], tokens: 12 },
      { prompt: `${prompt} again`, until: ['zzz'], tokens: 9 },
    ]);
    const wanted = await open().generateUntil(all);
    expect(await open().generateUntil(all.toReversed())).toEqual(wanted.toReversed());
    for (const [i, { text }] of reference.generated.entries())
      expect(wanted[3 * i + 1]).toBe(text.slice(0, text.indexOf(text.slice(3, 5))));
  });
});
