// A judge is asked twice with the answers swapped, so that a liking for a position cancels. Zheng et al. 2023, section 3.4; Lee et al. 2023, section 3.1.
import type { JudgeFunction, JudgeQuestion } from '@ingot/contracts';
import { sideOf, type SwappedVerdict } from '../agreement/swap-consistency.js';
import { askJudge, type AskOptions } from './ask.js';

export interface Verdict {
  /** That the first answer is better: the mean of both positions. 0.5 exactly for a judge that looks at positions alone. */
  readonly probability: number;
  /** The same answer's probability when it stood first, and when it stood second. */
  readonly positions: SwappedVerdict;
  /** Whether both are on the same side. */
  readonly consistent: boolean;
}
/** No verdict: what was got in its place. */
export interface MissingVerdict {
  readonly missing: string;
}

/**
 * The verdict on two answers. A timeout, an exception or nonsense in one of the positions, after the retries, makes it missing, with
 * what was got; it is never a tie. Throws only when `signal` is aborted.
 */
export async function judgeSwapped(
  judge: JudgeFunction,
  question: JudgeQuestion,
  options: AskOptions = {},
): Promise<Verdict | MissingVerdict> {
  const asked = await askJudge(judge, question, options);
  if ('failures' in asked) return { missing: asked.failures.join('; then ') };
  const turned = { prompt: question.prompt, first: question.second, second: question.first };
  const again = await askJudge(judge, turned, options);
  if ('failures' in again) return { missing: again.failures.join('; then ') };
  const positions = { first: asked.probability, second: 1 - again.probability };
  return {
    // (p + 1 − q) / 2, with p − q taken first: exactly 0.5 when p = q
    probability: 0.5 + (asked.probability - again.probability) / 2,
    positions,
    consistent: sideOf(positions.first) === sideOf(positions.second),
  };
}
