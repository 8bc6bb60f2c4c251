// Judges that behave and judges that do not: swapped positions, timeouts, nonsense, and the questions that a model is asked.
import type { EvaluatedModel, JudgeFunction, LikelihoodRequest } from '@ingot/contracts';
import { openJudge } from '@ingot/contracts';
import { fakeModel } from '@ingot/contracts/fakes';
import { describe, expect, it } from 'vitest';
import { askJudge } from './ask.js';
import { count, freshCounts, refuseMissing } from './missing.js';
import { fillTemplate, judgeByModel, JUDGE_TEMPLATE } from './model.js';
import { judgeByReward, sigmoid } from './rules.js';
import { scriptedJudge } from './scripted.js';
import { judgeSwapped } from './swapped.js';

const question = { prompt: 'Say something.', first: 'a long answer', second: 'short' };
const turned = { ...question, first: question.second, second: question.first };

describe('judgeSwapped', () => {
  it.each(['first', 'second'] as const)(
    'a judge that likes whatever stands %s ends at exactly one half',
    async (says) => {
      const verdict = await judgeSwapped(scriptedJudge(says), question);
      expect(verdict).toMatchObject({ probability: 0.5, consistent: false });
    },
  );
  it('a liking for a position on top of an opinion leaves the opinion', async () => {
    const biased: JudgeFunction = ({ first, second }) => sigmoid(Math.sign(first.length - second.length) + 0.8);
    const there = await judgeSwapped(biased, question);
    const back = await judgeSwapped(biased, turned);
    if ('missing' in there || 'missing' in back) throw new Error('wanted verdicts');
    expect(there.probability).toBeGreaterThan(0.5);
    expect(there.probability + back.probability).toBeCloseTo(1, 15);
    expect(there.consistent).toBe(true);
    expect(there.positions.first).toBeGreaterThan(there.positions.second);
  });
  it('a verdict is missing, never a tie, when one of the two questions has no answer', async () => {
    let asked = 0;
    const once: JudgeFunction = () => (asked++ === 0 ? 0.9 : NaN);
    expect(await judgeSwapped(once, question, { retries: 1 })).toEqual({
      missing: 'NaN in place of a probability from 0 to 1; then NaN in place of a probability from 0 to 1',
    });
    expect(asked).toBe(3);
  });
});

describe('askJudge', () => {
  it.each([
    [() => NaN, 'NaN in place of a probability from 0 to 1'],
    [() => 1.5, '1.5 in place of a probability from 0 to 1'],
    [() => -0.1, '-0.1 in place'],
    [() => 'A' as unknown as number, 'A in place'],
    [() => '0.5' as unknown as number, '0.5 in place'],
    [() => undefined as unknown as number, 'undefined in place'],
    [scriptedJudge('throws'), "the error 'The judge is not at home.'"],
    [() => Promise.reject(new Error('503')), "the error '503'"],
  ] as const)('%o: what was got is told', async (judge, got) => {
    const answered = await askJudge(judge, question, { retries: 0 });
    expect(answered).toEqual({ failures: [expect.stringContaining(got)] });
  });
  it('a judge that hangs is left after its time, told to stop, and asked again', async () => {
    const signals: boolean[] = [];
    const hangs: JudgeFunction = (_, signal) =>
      new Promise(() => signal?.addEventListener('abort', () => signals.push(signal.aborted)));
    expect(await askJudge(hangs, question, { timeoutMs: 10, retries: 1 })).toEqual({
      failures: ['no answer within 10 ms', 'no answer within 10 ms'],
    });
    expect(signals).toEqual([true, true]);
  });
  it('a second try counts', async () => {
    let tries = 0;
    expect(await askJudge(() => (tries++ ? 0.25 : NaN), question)).toEqual({ probability: 0.25 });
  });
  it('a cancelled run is no missing verdict', async () => {
    const stopper = new AbortController();
    const asked = askJudge(scriptedJudge('hangs'), question, { signal: stopper.signal });
    stopper.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
    await expect(askJudge(() => 0.5, question, { signal: stopper.signal })).rejects.toThrow('enough');
  });
});

describe('missing verdicts', () => {
  const counted = (asked: number, missing: number) => {
    const counts = freshCounts();
    for (let i = 0; i < asked; i++)
      count(counts, i < missing ? { missing: 'no answer within 5 ms' } : { consistent: true });
    return counts;
  };
  it('too many end the stage, with what was got and what to try', () => {
    expect(() => refuseMissing(counted(20, 3), 0.1, 'Here', false)).toThrow(
      /^Here: the judge gave no verdict on 3 of 20 questions; at most 10% may be missing\. Got: no answer within 5 ms.*timeoutMs/,
    );
    expect(() => refuseMissing(counted(2, 1), 0.1, 'Here', true)).toThrow(/1 of 2/);
  });
  it('few questions are given time, and few missing ones are no harm', () => {
    expect(() => refuseMissing(counted(19, 19), 0.1, 'Here', false)).not.toThrow();
    expect(() => refuseMissing(counted(20, 2), 0.1, 'Here', true)).not.toThrow();
    expect(() => refuseMissing(counted(0, 0), 0, 'Here', true)).not.toThrow();
  });
});

describe('the judge by a reward', () => {
  it('is σ of the difference over the temperature', async () => {
    const judge = await openJudge(judgeByReward(({ text }) => text.length, 4));
    expect(await judge.ask(question)).toBeCloseTo(1 / (1 + Math.exp(-8 / 4)), 15);
    expect(((await judge.ask(question)) as number) + ((await judge.ask(turned)) as number)).toBeCloseTo(1, 15);
  });
  it('σ has no overflow', () => expect([sigmoid(-1000), sigmoid(1000), sigmoid(0)]).toEqual([0, 1, 0.5]));
});

describe('the judge by a model', () => {
  const seen: LikelihoodRequest[] = [];
  let open = 0;
  const model: EvaluatedModel = {
    logLikelihood: async (requests) => {
      seen.push(...requests);
      return requests.map(({ continuation }) => ({
        logProbability: Math.log(continuation === ' A' ? 0.3 : 0.1),
        tokens: 1,
        greedy: false,
      }));
    },
    rollingLogLikelihood: () => Promise.reject(new Error('not asked')),
    generateUntil: () => Promise.reject(new Error('not asked')),
    dispose: () => void open--,
  };
  const evaluator = { open: async () => (open++, model), of: () => model };

  it('asks for both labels after the template, and holds one against the other', async () => {
    const judge = await openJudge(judgeByModel(evaluator), { model: fakeModel() });
    expect(await judge.ask(question)).toBeCloseTo(0.75, 12);
    expect(seen.map(({ continuation }) => continuation)).toEqual([' A', ' B']);
    expect(seen[0]?.context).toMatch(/Request:\nSay something\.\n\nAnswer A:\na long answer\n\nAnswer B:\nshort\n/);
    judge.dispose();
    expect(open).toBe(0);
  });
  it('an answer that spells a place of the template stays as it is; a conversation is a turn a line', () => {
    const tricky = { prompt: [{ role: 'user' as const, content: 'hi' }], first: '{second} $&', second: '{first}' };
    expect(fillTemplate('{prompt}|{first}|{second}', tricky)).toBe('user: hi|{second} $&|{first}');
    expect(fillTemplate(JUDGE_TEMPLATE, tricky)).toContain('user: hi');
  });
  it('says which port wants a model', async () =>
    await expect(openJudge(judgeByModel(evaluator))).rejects.toThrow(/port 'judge'/));
});
