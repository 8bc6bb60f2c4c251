// The guard stops for a NaN at once, for a spike that stays, and not for one that passes or for the noise of a small loss.
import { describe, expect, it } from 'vitest';
import { freshGuard, judgeLoss, type GuardState } from './index.js';

const rule = { factor: 2, patience: 3 };
function judge(losses: readonly number[]): string | undefined {
  let state: GuardState = freshGuard;
  for (const loss of losses) {
    const verdict = judgeLoss(state, loss, rule);
    if (verdict.stop !== undefined) return verdict.stop;
    state = verdict.state;
  }
  return undefined;
}
const healthy = Array.from({ length: 30 }, () => 2);

describe('judgeLoss', () => {
  it('stops for what is no number', () => {
    expect(judge([2, Number.NaN])).toContain('the loss is NaN');
    expect(judge([Number.POSITIVE_INFINITY])).toContain('Infinity');
  });
  it('stops for a spike that stays, with the numbers', () => {
    expect(judge([...healthy, 5, 5, 5])).toBe(
      'the loss was over 2 times its running mean 2.000 for 3 steps, at last 5.000',
    );
  });
  it('lets pass a spike that passes, an early one, and noise near zero', () => {
    expect(judge([...healthy, 5, 5, 2, 5, 5, 2])).toBeUndefined();
    expect(judge([2, 9, 9, 9, 9])).toBeUndefined();
    expect(judge([...healthy.map(() => 0.01), 0.05, 0.05, 0.05, 0.05])).toBeUndefined();
  });
});
