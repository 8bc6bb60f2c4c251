// The stage `pairs` through a real ingot: the same pairs for any batch, after a kill, and by seed; what it tells, and what it refuses.
import { Judge, Reward, type FeedbackRow, type RewardFunction, type RowsValue } from '@ingot/contracts';
import { memoryStore, type Store } from '@ingot/core';
import { describe, expect, it } from 'vitest';
import { eventsOf, ingot, rowsOf } from './world.fixture.js';

const vowels: RewardFunction = ({ text }) => text.split(/[ae]/u).length - 1 - 0.5 * text.split('b').length;
interface How {
  readonly reward?: ReturnType<typeof Reward.inline>;
  readonly samples?: number;
  readonly tokens?: number;
  readonly keep?: 'best-worst' | 'all';
  readonly margin?: number;
  readonly onLength?: 'warn' | 'stop';
  readonly batch?: number;
  readonly saveEvery?: number;
}
const start = (how: How = {}, { seed = 0, count = 20, store = memoryStore() as Store } = {}) =>
  ingot
    .pipeline(
      'pairs-on-the-fly',
      (g) =>
        g.add(
          'pairs',
          {
            model: g.add('a-model', g.add('a-tokenizer', {})).model,
            prompts: g.add('some-prompts', {}, { count }).prompts,
          },
          { reward: Reward.inline('vowels', 1, vowels), tokens: 12, ...how },
        ),
      { seed },
    )
    .run({ store });
const pairsOf = async (...how: Parameters<typeof start>) => rowsOf((await start(...how).result()).feedback);

describe('pairs', () => {
  it('keeps the best and the worst sample of each prompt, with scores, labels and margin', async () => {
    const rows = await pairsOf();
    expect(rows.length).toBeGreaterThan(15);
    for (const { prompt, completions, margin } of rows) {
      const [best, worst] = completions;
      expect(completions).toMatchObject([
        { rank: 0, label: true },
        { rank: 1, label: false },
      ]);
      for (const { text, score } of completions) expect(score).toBe(await vowels({ prompt, text }));
      expect(margin).toBe(best!.score! - worst!.score!);
      expect(margin).toBeGreaterThan(0);
    }
    const all = await pairsOf({ keep: 'all' });
    expect(all.map((row) => [row.completions.at(0)?.text, row.completions.at(-1)?.text])).toEqual(
      rows.map((row) => row.completions.map(({ text }) => text)),
    );
    expect(Math.max(...all.map((row) => row.completions.length))).toBe(4);
  });
  it('rewards see the right answers that stand beside prompts', async () => {
    const seen: unknown[] = [];
    const reward = Reward.inline('seen', 1, ({ prompt, references, text }) => {
      seen.push([prompt, references]);
      return text.length + (text.codePointAt(0) ?? 0) / 1000;
    });
    const run = ingot.pipeline('pairs-of-pairs', (g) =>
      g.add(
        'pairs',
        {
          model: g.add('a-model', g.add('a-tokenizer', {})).model,
          prompts: g.add('some-prompts', {}, { prompts: ['ab', 'ba'], answer: 'cab' }).prompts,
        },
        { reward, tokens: 12 },
      ),
    );
    await run.run({ store: memoryStore() }).result();
    expect(new Set(seen.map((one) => JSON.stringify(one)))).toEqual(new Set(['["ab",["cab"]]', '["ba",["cab"]]']));
  });
  it('batch and checkpoints change nothing, to the bit', async () => {
    const want = await pairsOf();
    expect(await pairsOf({ batch: 1 })).toEqual(want);
    expect(await pairsOf({ batch: 3, saveEvery: 1 })).toEqual(want);
    expect(await pairsOf({ batch: 64, saveEvery: 7 })).toEqual(want);
  });
  it('another seed draws other samples', async () => {
    expect(await pairsOf({}, { seed: 1 })).not.toEqual(await pairsOf());
  });
  it('killed on the way it goes on from its checkpoint to the same rows and the same words', async () => {
    const seen: string[] = [];
    const counting = Reward.inline('vowels', 1, (answer: Parameters<RewardFunction>[0]) => {
      seen.push(answer.text);
      return vowels(answer);
    });
    const whole = start({ reward: counting, saveEvery: 2 });
    const wanted = eventsOf(whole);
    const want = await rowsOf((await whole.result()).feedback);
    const scored = seen.length;

    const store = memoryStore();
    const first = start({ reward: counting, saveEvery: 2 }, { store });
    first.events.subscribe((event) => {
      if (event.type === 'metric' && event.step === 12) first.cancel('killed');
    });
    await expect(first.result()).rejects.toMatchObject({ code: 'cancelled' });
    seen.length = 0;
    const again = start({ reward: counting, saveEvery: 2 }, { store });
    const told = eventsOf(again);
    expect(await rowsOf((await again.result()).feedback)).toEqual(want);
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.length).toBeLessThan(scored * 0.6);
    const words = (events: typeof told) =>
      events
        .filter(({ type }) => ['table', 'sample', 'metric', 'text'].includes(type))
        .map((event) => ({ ...event, replayed: false }));
    expect(words(told)).toEqual(words(wanted));
    expect(told.some((event) => 'replayed' in event && event.replayed)).toBe(true);
  });
  it('drops prompts below the margin, and says so', async () => {
    const run = start({ margin: 2 });
    const events = eventsOf(run);
    const rows = await rowsOf((await run.result()).feedback);
    expect(Math.min(...rows.map(({ margin }) => margin!))).toBeGreaterThanOrEqual(2);
    expect(rows.length).toBeLessThan((await pairsOf()).length);
    const shares = events.find((event) => event.type === 'table' && event.title === 'Pairs');
    expect(shares).toMatchObject({
      rows: expect.arrayContaining([
        { measure: 'prompts', value: 20 },
        { measure: 'pairs', value: rows.length },
        { measure: 'prompts dropped: tie', value: `${(100 * (20 - rows.length)) / 20}.0%` },
      ]),
    });
  });
  it('a prompt without room is dropped, an empty one starts anew, and both say so', async () => {
    const run = ingot
      .pipeline('edges', (g) =>
        g.add(
          'pairs',
          {
            model: g.add('a-model', g.add('a-tokenizer', {})).model,
            prompts: g.add('some-prompts', {}, { prompts: ['', 'a'.repeat(24), 'ab'] }).prompts,
          },
          { reward: Reward.inline('vowels', 1, vowels), tokens: 12, samples: 8 },
        ),
      )
      .run({ store: memoryStore() });
    const events = eventsOf(run);
    const rows = await rowsOf((await run.result()).feedback);
    expect(rows.map(({ prompt }) => prompt)).toEqual(['', 'ab']);
    expect(events.find((event) => event.type === 'table' && event.title === 'Pairs')).toMatchObject({
      rows: expect.arrayContaining([{ measure: 'prompts dropped: too long', value: '33.3%' }]),
    });
  });
  it('conversations are asked in the chat format of the model, and its end of turn ends a sample', async () => {
    const chats = (model: 'a-chat-model' | 'a-model') =>
      ingot.fromRecipe({
        name: 'chats',
        stages: {
          tokenizer: { use: 'a-tokenizer' },
          model: { use: model, ...(model === 'a-model' ? { from: { tokenizer: 'tokenizer.tokenizer' } } : {}) },
          prompts: { use: 'some-prompts', how: { prompts: ['how are you', 'hello'], chat: true } },
          pairs: {
            use: 'pairs',
            from: { model: 'model.model', prompts: 'prompts.prompts' },
            how: { reward: { use: 'length', unit: 'characters' }, samples: 12, tokens: 30 },
          },
        },
        outputs: { feedback: 'pairs.feedback' },
      });
    const rows = (await chats('a-chat-model').run({ store: memoryStore() }).result()) as Record<
      string,
      RowsValue<FeedbackRow>
    >;
    const [first] = await rowsOf(rows['feedback']!);
    expect(first?.prompt).toEqual([{ role: 'user', content: 'how are you' }]);
    for (const { text } of first!.completions) expect(text).not.toContain('<|im_end|>');
    expect(first?.completions[1]?.text.length).toBeLessThan(30);
    await expect(chats('a-model').run({ store: memoryStore() }).result()).rejects.toThrow(
      /^Row 0 of the prompts: .*no chat format: it is a base model/,
    );
  });
  it('names a reward that is only length, and stops where asked', async () => {
    const byLength = { reward: Reward.inline('length', 1, (({ text }) => text.length) satisfies RewardFunction) };
    const run = start(byLength);
    const events = eventsOf(run);
    await run.result();
    expect(events.find(({ type }) => type === 'warning')).toMatchObject({
      text: expect.stringMatching(/^This reward is little but length: .* number of characters by r = 1\.000/),
    });
    await expect(start({ ...byLength, onLength: 'stop' }).result()).rejects.toThrow(/little but length/);
    const sound = start();
    const quiet = eventsOf(sound);
    await sound.result();
    expect(quiet.some(({ type }) => type === 'warning')).toBe(false);
  });
  it('a reward of NaN is refused with its answer', async () => {
    const broken = Reward.inline('broken', 1, (() => NaN) satisfies RewardFunction);
    await expect(start({ reward: broken }).result()).rejects.toThrow(
      /A reward gave NaN for answer 0 of \d+, "[a-g ]+"\. Wanted a finite number/,
    );
  });
  it('a reward that tells nothing apart leaves no pair, and says why', async () => {
    const flat = Reward.inline('flat', 1, (() => 1) satisfies RewardFunction);
    await expect(start({ reward: flat }).result()).rejects.toThrow(/not one pair came of 20 prompts \(.*20 tie/);
  });
  it('wants a reward or a judge, not both and not neither', () => {
    const build = (how: object) => () =>
      ingot.fromRecipe({
        name: 'x',
        stages: {
          t: { use: 'a-tokenizer' },
          m: { use: 'a-model', from: { tokenizer: 't.tokenizer' } },
          p: { use: 'some-prompts' },
          f: { use: 'pairs', from: { model: 'm.model', prompts: 'p.prompts' }, how },
        },
        outputs: { feedback: 'f.feedback' },
      });
    expect(build({})).toThrow(/either 'reward' or 'judge'/);
    expect(build({ reward: { use: 'afinn' }, judge: { use: 'scripted', says: 'tie' } })).toThrow(/either/);
    expect(build({ reward: { use: 'afin' } })).toThrow(/afinn/);
    const mistyped = (): unknown =>
      ingot.pipeline('mistyped', (g) => {
        const { model } = g.add('a-model', g.add('a-tokenizer', {}));
        const { prompts } = g.add('some-prompts', {});
        // @ts-expect-error -- no reward 'afin' is installed
        return g.add('pairs', { model, prompts }, { reward: { use: 'afin' } });
      });
    expect(mistyped).toThrow(/afinn/);
  });
});

describe('pairs by a judge', () => {
  const judged = (judge: Parameters<typeof Judge.inline>[2], how: object = {}) =>
    ingot
      .pipeline('judged', (g) =>
        g.add(
          'pairs',
          {
            model: g.add('a-model', g.add('a-tokenizer', {})).model,
            prompts: g.add('some-prompts', {}, { count: 8 }).prompts,
          },
          { judge: Judge.inline('judge', 1, judge), tokens: 8, samples: 3, retries: 0, ...how },
        ),
      )
      .run({ store: memoryStore() });
  it('best is who wins most, and a liking for the first place cancels', async () => {
    const run = judged(({ first, second }) => 0.6 + 0.4 * Math.tanh((first.length - second.length) / 10));
    const events = eventsOf(run);
    const rows = await rowsOf((await run.result()).feedback);
    expect(rows.length).toBeGreaterThan(4);
    for (const { completions } of rows)
      expect(completions[0]!.text.length).toBeGreaterThan(completions[1]!.text.length);
    expect(events.find((event) => event.type === 'table' && event.title === 'Pairs')).toMatchObject({
      rows: expect.arrayContaining([expect.objectContaining({ measure: 'judge: same side when swapped' })]),
    });
  });
  it('a judge that looks at positions alone gives nothing but ties', async () => {
    await expect(judged(() => 0.9).result()).rejects.toThrow(/not one pair came of 8 prompts \(.*tie/);
  });
  it('a judge that times out or answers nonsense fails the stage, with what was got', async () => {
    await expect(judged(() => new Promise(() => undefined), { timeoutMs: 2 }).result()).rejects.toThrow(
      /no verdict on \d+ of \d+ questions; at most 10% .* Got: no answer within 2 ms/,
    );
    await expect(judged(() => 7).result()).rejects.toThrow(/Got: 7 in place of a probability/);
  });
});

describe('pairs by a reward model', () => {
  const trained = (otherTokenizer: boolean) =>
    ingot.pipeline('trained', (g) => {
      const own = g.add('a-tokenizer', {});
      return g.add(
        'pairs',
        {
          model: g.add('a-model', own).model,
          prompts: g.add('some-prompts', {}, { count: 6 }).prompts,
          reward: g.add('a-reward-model', otherTokenizer ? g.add('a-tokenizer', {}, { more: 'z' }) : own).reward,
        },
        { reward: { use: 'reward-model' }, tokens: 6 },
      );
    });
  it('scores by the trunk and its head', async () => {
    const rows = await rowsOf((await trained(false).run({ store: memoryStore() }).result()).feedback);
    expect(rows.length).toBeGreaterThan(3);
    for (const { margin } of rows) expect(margin).toBeGreaterThan(0);
  });
  it('one with another tokenizer does not plan', async () => {
    await expect(trained(true).plan({ store: memoryStore() })).rejects.toMatchObject({ code: 'bad-wiring' });
  });
  it('without one it says which port', async () => {
    const run = ingot
      .pipeline('untrained', (g) =>
        g.add(
          'pairs',
          { model: g.add('a-model', g.add('a-tokenizer', {})).model, prompts: g.add('some-prompts', {}).prompts },
          { reward: { use: 'reward-model' } },
        ),
      )
      .run({ store: memoryStore() });
    await expect(run.result()).rejects.toThrow(/wants a trained reward model at the port 'reward'/);
  });
});
