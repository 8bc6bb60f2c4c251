// Generation against full forwards: the cache changes nothing, and neither do batch, split or neighbours.
import type { SamplerFunction } from '@ingot/contracts';
import { KeyValueCache, linear, noGrad, scope, tensor, type Tensor } from '@ingot/tensor';
import { afterAll, describe, expect, it } from 'vitest';
import { generate, generateAll, generateSync } from './generate.js';
import { logProbabilities } from './log-probabilities.js';
import type { GenerateOptions } from './options.js';
import { feed } from './step.js';
import { context, promptOf, tinyModel, vocabSize } from './tiny-model.fixture.js';

const model = tinyModel();
const { device, family, design, weights } = model;
afterAll(() => model.parameters.dispose());

const greedy: SamplerFunction = (logits) => {
  const best = logits.indexOf(Math.max(...logits));
  return logits.map((logit, id) => (id === best ? logit : -Infinity));
};
/** Logits after each position of a full forward without a cache, (T, V). */
const fullLogits = (ids: readonly number[]): Float32Array[] => {
  const flat = noGrad(() =>
    scope(() =>
      weights.logits('wte', family.forward(design, weights, tensor(device, ids, [1, ids.length], 'i32'))).read(),
    ),
  ) as Float32Array;
  return ids.map((_, t) => flat.slice(t * vocabSize, (t + 1) * vocabSize));
};
const bits = (numbers: Iterable<number>): number[] => [...new Uint32Array(Float32Array.from(numbers).buffer)];

describe('the cache', () => {
  it('gives the logits of a full forward bit for bit, for every split of the prompt', () => {
    const ids = promptOf(9);
    const want = bits(fullLogits(ids).at(-1)!);
    for (let first = 1; first <= ids.length; first++) {
      const cache = KeyValueCache.create(device, { ...family.cache(design), slots: 3, capacity: context });
      const got = noGrad(() =>
        scope(() => {
          let hidden = feed(model, cache, [1], [ids.slice(0, first)]);
          for (const id of ids.slice(first)) hidden = feed(model, cache, [1], [[id]]);
          return weights.logits('wte', hidden).read();
        }),
      );
      cache.dispose();
      expect(bits(got)).toEqual(want);
    }
  });
});

describe('generateAll', () => {
  it('greedy is the argmax of a full forward at each token, to the end of the context', () => {
    const prompt = promptOf(3, 1);
    const [made] = generateAll(model, { prompts: [prompt], tokens: 100, samplers: [greedy] });
    const ids = [...prompt];
    while (ids.length <= context) {
      const logits = fullLogits(ids).at(-1)!;
      ids.push(logits.indexOf(Math.max(...logits)));
    }
    expect(made).toMatchObject({ ids: ids.slice(3), ended: 'context' });
    expect(new Set(made!.ids).size).toBeGreaterThan(1);
  });

  const prompts = [5, 1, 9, 5, 17, 2, 9, 3].map((length, which) => promptOf(length, which));
  const options: GenerateOptions = { prompts, tokens: 7, seed: 11 };
  const alone = prompts.map((prompt, i) => generateAll(model, { ...options, prompts: [prompt], sequences: [i] })[0]!);
  const numbers = ({ ids, logProbabilities: logs, ended }: (typeof alone)[number]) => ({
    ids,
    ended,
    logs: bits(logs),
  });

  it.each([
    { batch: 1 },
    { batch: 2 },
    { batch: 3 },
    { batch: 8 },
    { batch: 64 },
    { prefill: 1 },
    { prefill: 4, batch: 3 },
    { prefill: 5 },
  ])('a ragged batch equals one by one, log-probabilities bit for bit: %o', (how) => {
    expect(generateAll(model, { ...options, ...how }).map(numbers)).toEqual(alone.map(numbers));
  });
  it('what is read at the end is what each token would have come with', () => {
    expect(generateAll(model, { ...options, batch: 3, logProbabilities: 'at-end' }).map(numbers)).toEqual(
      alone.map(numbers),
    );
    for (const event of generateSync(model, { ...options, logProbabilities: 'at-end' }))
      if (event.type === 'token') expect(event.logProbability).toBeUndefined();
  });
  it('a linear layer gives its number at the place before each token, bit for bit that of a full forward', () => {
    const { width } = family.cache(design);
    const head = tensor(
      device,
      new Float32Array(width).map((_, i) => Math.sin(i)),
      [1, width],
    );
    const valued = {
      ...model,
      weights: {
        ...weights,
        linear: (name: string, x: Tensor, how?: Parameters<typeof weights.linear>[2]) =>
          name === 'value' ? linear(x, head, undefined) : weights.linear(name, x, how),
      },
    };
    generateAll(valued, { ...options, batch: 3, value: 'value' }).forEach(({ ids, values }, i) => {
      const prompt = prompts[i]!;
      const all = [...prompt, ...ids];
      const wanted = noGrad(() =>
        scope(() =>
          linear(family.forward(design, weights, tensor(device, all, [1, all.length], 'i32')), head, undefined).read(),
        ),
      );
      expect(bits(values)).toEqual(bits(Array.from(wanted).slice(prompt.length - 1, -1)));
    });
    head.dispose();
  });
  it.each([{ batch: 12 }, { batch: 3 }, { batch: 2, prefill: 3 }, { batch: 5, prefill: 1 }])(
    'sequences of one prompt read it once, and are what they are alone: %o',
    (how) => {
      const many = [9, 1, 9, 17].flatMap((length, which) =>
        Array.from({ length: 4 }, () => promptOf(length, which % 2)),
      );
      const each = many.map((prompt, i) => generateAll(model, { ...options, prompts: [prompt], sequences: [i] })[0]!);
      let fed = 0;
      const counting = {
        ...model,
        family: {
          ...family,
          forward: (...given: Parameters<typeof family.forward>) => {
            fed += given[2].size;
            return family.forward(...given);
          },
        },
      };
      const stops = { ...options, prompts: many, endOfText: each[1]!.ids[2]! };
      const ends = many.map((prompt, i) => generateAll(model, { ...stops, prompts: [prompt], sequences: [i] })[0]!);
      expect(generateAll(counting, { ...options, ...how, prompts: many }).map(numbers)).toEqual(each.map(numbers));
      // Twelve at once: each of the three prompts is read once. A later sequence finds it only where another still holds it.
      const unshared = many.reduce((sum, prompt, i) => sum + prompt.length - 1 + each[i]!.ids.length, 0);
      expect(fed).toBeLessThan(unshared);
      if (how.batch === 12) expect(fed).toBe(8 + 16 + each.reduce((sum, { ids }) => sum + ids.length, 0));
      // Sequences that end early make room for others in the middle of a prompt's group.
      expect(generateAll(model, { ...stops, ...how }).map(numbers)).toEqual(ends.map(numbers));
    },
  );
  it('and the order of the prompts does not matter', () => {
    const order = [3, 0, 7, 1, 6, 2, 5, 4];
    const made = generateAll(model, { ...options, prompts: order.map((i) => prompts[i]!), sequences: order, batch: 3 });
    expect(made.map(numbers)).toEqual(order.map((i) => numbers(alone[i]!)));
  });
  it('a seed gives the same sample again, another seed and another sequence another', () => {
    const sampleOf = (seed: number, sequence = 0) =>
      generateAll(model, { prompts: [promptOf(4)], tokens: 20, seed, sequences: [sequence] })[0]!.ids.join();
    expect(sampleOf(1)).toBe(sampleOf(1));
    expect(new Set([sampleOf(1), sampleOf(2), sampleOf(2 ** 32 + 1), sampleOf(1, 1)]).size).toBe(4);
  });
  it('going on from a finished sample gives what one longer sample gives', () => {
    const prompt = promptOf(4);
    const whole = generateAll(model, { prompts: [prompt], tokens: 12, seed: 5 })[0]!.ids;
    const half = generateAll(model, { prompts: [prompt], tokens: 6, seed: 5 })[0]!.ids;
    expect([...half, ...generateAll(model, { prompts: [[...prompt, ...half]], tokens: 6, seed: 5 })[0]!.ids]).toEqual(
      whole,
    );
  });
  it('the log-probability of each token is that of the text scored afterwards, bit for bit, whatever the samplers', () => {
    const prompt = promptOf(6);
    const made = generateAll(model, { prompts: [prompt], tokens: 10, samplers: [greedy] })[0]!;
    const scored = logProbabilities(model, [...prompt, ...made.ids]);
    expect(bits(made.logProbabilities)).toEqual(bits(scored.subarray(prompt.length - 1)));
    expect(made.logProbabilities).toHaveLength(10);
    expect(generateAll(model, { prompts: [prompt], tokens: 2, logProbabilities: false })[0]!.logProbabilities).toEqual(
      [],
    );
  });

  it('a token is drawn as often as the model says', () => {
    const prompt = promptOf(6);
    const logits = fullLogits(prompt).at(-1)!;
    const draws = 4000;
    const counts = new Array<number>(vocabSize).fill(0);
    for (const { ids } of generateAll(model, {
      prompts: new Array(draws).fill(prompt),
      tokens: 1,
      batch: 500,
      logProbabilities: false,
    }))
      counts[ids[0]!]! += 1;
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    const chi = counts.reduce(
      (sum, count, id) =>
        sum + (count - (draws * Math.exp(logits[id]!)) / total) ** 2 / ((draws * Math.exp(logits[id]!)) / total),
      0,
    );
    expect(chi).toBeLessThan(32.9); // χ² of 12 degrees of freedom, 0.999
  });
  it('never draws a row of the table that is no token', () => {
    const padded = { ...model, design: { ...design, tokenizer: { ...design.tokenizer, vocabSize: 5 } } };
    const made = generateAll(padded, { prompts: [[1]], tokens: 20, seed: 3 })[0]!;
    expect(Math.max(...made.ids)).toBeLessThan(5);
  });
});

describe('the context’s end', () => {
  it('stops after the token that the full context predicts', () => {
    const [made] = generateAll(model, { prompts: [promptOf(context)], tokens: 5 });
    expect(made).toMatchObject({ ended: 'context', ids: { length: 1 } });
  });
  it('slides: the newest tokens are read again from position 0', () => {
    const prompt = promptOf(20);
    const made = generateAll(model, {
      prompts: [prompt],
      tokens: 40,
      samplers: [greedy],
      atContextEnd: 'slide',
      keep: 7,
    })[0]!;
    const ids = [...prompt];
    let window = [...prompt];
    for (let i = 0; i < 40; i++) {
      if (window.length > context) window = ids.slice(-7);
      const logits = fullLogits(window).at(-1)!;
      const best = logits.indexOf(Math.max(...logits));
      ids.push(best);
      window.push(best);
    }
    expect(made).toMatchObject({ ids: ids.slice(20), ended: 'length' });
  });
  it('a sliding prompt may be longer than the context', () => {
    const long = promptOf(context + 9);
    const made = generateAll(model, { prompts: [long], tokens: 1, samplers: [greedy], atContextEnd: 'slide' })[0]!;
    expect(made.ids).toEqual(
      generateAll(model, { prompts: [long.slice(-context)], tokens: 1, samplers: [greedy] })[0]!.ids,
    );
  });
});

describe('text', () => {
  const letters = 'abcdefghijklm';
  const bytes = (id: number): Uint8Array => new TextEncoder().encode(letters.charAt(id));
  it('streams, ends before a stop string, and at the end of text', () => {
    const prompts = [promptOf(4)];
    const whole = generateAll(model, { prompts, tokens: 15, bytes, seed: 9 })[0]!;
    expect(whole.text).toBe(whole.ids.map((id) => letters.charAt(id)).join(''));
    const stop = whole.text.slice(5, 8);
    const events = [...generateSync(model, { prompts, tokens: 15, bytes, seed: 9, stop: [stop] })];
    const shown = events.map((event) => (event.type === 'token' ? event.text : '')).join('');
    expect(shown).toBe(whole.text.slice(0, whole.text.indexOf(stop)));
    expect(events.at(-1)).toMatchObject({ type: 'end', ended: 'stop', text: shown });
    const endOfText = whole.ids[6]!;
    const ended = generateAll(model, { prompts, tokens: 15, bytes, seed: 9, endOfText })[0]!;
    const at = whole.ids.indexOf(endOfText);
    expect(ended).toMatchObject({
      ended: 'end-of-text',
      ids: whole.ids.slice(0, at + 1),
      text: whole.text.slice(0, at),
    });
  });
});

describe('memory and turns', () => {
  it('frees everything, after a full run and when the loop is left early', async () => {
    const before = device.memory();
    generateAll(model, { prompts: [promptOf(3), promptOf(5)], tokens: 8 });
    for await (const event of generate(model, { prompts: [promptOf(3)], tokens: 8 })) if (event.type === 'token') break;
    expect(device.memory().bytes).toBe(before.bytes);
    expect(device.memory().arrays).toBe(before.arrays);
  });
  it('a signal ends it, and nothing is left behind', async () => {
    const before = device.memory().arrays;
    const stopper = new AbortController();
    const work = async () => {
      for await (const event of generate(model, { prompts: [promptOf(3)], tokens: 20, signal: stopper.signal }))
        if (event.type === 'token') stopper.abort(new Error('enough'));
    };
    await expect(work()).rejects.toThrow('enough');
    expect(device.memory().arrays).toBe(before);
  });
});

describe('bad requests', () => {
  it.each([
    [{ prompts: [[]] }, /prompt 0: wanted at least one token, got none/],
    [{ prompts: [[1, 13]] }, /prompt 0, token 1: wanted an id from 0 to 12, got 13/],
    [{ prompts: [promptOf(context + 1)] }, /wanted at most 24 tokens, the model's context, got 25/],
    [{ tokens: 0 }, /tokens: wanted a whole number of at least 1, got 0/],
    [{ seed: -1 }, /seed/],
    [{ seed: Number.NaN }, /got NaN/],
    [{ keep: 25, atContextEnd: 'slide' as const }, /keep: wanted a whole number from 1 to 24/],
    [{ stop: ['x'] }, /stop: wanted the text of tokens/],
    [{ sequences: [1, 2] }, /sequences: wanted 1 numbers/],
  ])('%o are refused', (wrong, message) => {
    expect(() => generateAll(model, { prompts: [[1]], tokens: 1, ...wrong })).toThrow(message);
  });
  it('samplers that remove every token are named as the reason', () => {
    expect(() =>
      generateAll(model, { prompts: [[1]], tokens: 1, samplers: [(logits) => logits.map(() => -Infinity)] }),
    ).toThrow(/token 1 of prompt 0 wants at least one token, but the samplers removed all 13/);
  });
  it('no prompt gives nothing', () => {
    expect(generateAll(model, { prompts: [], tokens: 1 })).toEqual([]);
  });
});
