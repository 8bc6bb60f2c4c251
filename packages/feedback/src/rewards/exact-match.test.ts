// Reward `exact-match`: right or wrong by the row's own answers; what it refuses; the same counting as the task of that name.
import { openReward, type Answer } from '@ingot/contracts';
import { describe, expect, it } from 'vitest';
import { exactMatchPart, exactMatchReward } from './exact-match.js';

const how = { take: 'last', normalise: 'trim' } as const;
const said = (text: string, ...references: string[]): Answer => ({ prompt: '6*7=', text, references });

describe('exact-match', () => {
  it.each([
    ['42', 1],
    [' 42\n', 1],
    ['42.', 0],
    ['042', 0],
    ['43', 0],
    ['', 0],
    ['The answer is 42', 0],
  ])('%j is worth %i', (text, worth) => expect(exactMatchReward(how)(said(text, '42'))).toBe(worth));

  it('any of several right answers is right', () => {
    expect(exactMatchReward(how)(said('2', '1', '2'))).toBe(1);
  });
  it('takes the answer out of what is said, and out of a right answer that is more than the answer', () => {
    const reward = exactMatchReward({ extract: '-?[\\d.,]*\\d', take: 'last', normalise: 'number' });
    expect(
      ['It is 41, no: 1,042.0!', '1042', 'none', 'first 1042, then 7'].map((t) => reward(said(t, '1042'))),
    ).toEqual([1, 1, 0, 0]);
    expect(exactMatchReward({ extract: '\\d+', take: 'first', normalise: 'trim' })(said('7 then 8', '7'))).toBe(1);
    // As in GSM8K: a worked solution with the answer at its end.
    expect(['It is 18.', 'It is 9.'].map((text) => reward(said(text, '16 - 3 - 4 = 9, so 9 * 2.\n#### 18')))).toEqual([
      1, 0,
    ]);
    const whole = exactMatchReward({ extract: 'is (\\w+)', take: 'last', normalise: 'trim' });
    expect(whole(said('it is four', 'four'))).toBe(1); // the pattern is not in the reference: all of it is the answer
  });
  it('a prompt without a right answer ends the run with its text and what to give', async () => {
    const opened = await openReward(exactMatchReward(how));
    await expect(opened.score([{ prompt: 'what?', text: 'x' }])).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(/"what\?" brings no right answer.*answers: true/),
    });
    expect(() => exactMatchReward(how)(said('x'))).toThrow(/no right answer/);
  });
  it('a bad pattern is told when the reward is made', () => {
    expect(() => exactMatchReward({ ...how, extract: '(' })).toThrow(/^Reward 'exact-match': wanted a regular/);
    expect(exactMatchPart.name).toBe('exact-match');
  });
});
