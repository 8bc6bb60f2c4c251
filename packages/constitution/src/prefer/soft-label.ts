// A soft label: a judge is asked with both orders of two answers, so that a liking for a position cancels. Lee et al. 2023 (RLAIF), sections 3.1 and 3.2.
import type { JudgeFunction, JudgeQuestion } from '@ingot/contracts';
import { IngotError, messageOf } from '@ingot/core';

export interface LabelHow {
  readonly signal: AbortSignal;
  /** How long one question may take. */
  readonly timeoutMs: number;
  /** Tries after one that failed. */
  readonly retries: number;
  /** Labels are kept inside [low, high]: a judge that thinks aloud is too sure (Bai et al. 2022, section 4.1: 0.4 to 0.6). */
  readonly clamp?: readonly [number, number] | undefined;
}
/** A label, or what was got in place of one. */
export type Labelled =
  | { readonly probability: number; readonly positions: readonly [number, number] }
  | { readonly missing: string };

/** Errors that end the work: no further question would be answered. */
const FATAL = new Set(['budget-spent', 'cancelled', 'endpoint-refused', 'missing-service']);

const once = async (
  judge: JudgeFunction,
  question: JudgeQuestion,
  { signal, timeoutMs }: LabelHow,
): Promise<number> => {
  const late = AbortSignal.timeout(timeoutMs);
  const either = AbortSignal.any([signal, late]);
  let stop: (() => void) | undefined;
  const ended = new Promise<never>((_, reject) => {
    stop = () => reject(signal.aborted ? signal.reason : new Error(`no answer within ${timeoutMs} ms`));
    either.addEventListener('abort', stop, { once: true });
  });
  try {
    const said: unknown = await Promise.race([(async () => judge(question, either))(), ended]);
    if (typeof said === 'number' && said >= 0 && said <= 1) return said;
    throw new Error(`${String(said)} in place of a probability from 0 to 1`);
  } finally {
    if (stop) either.removeEventListener('abort', stop);
  }
};
const ask = async (judge: JudgeFunction, question: JudgeQuestion, how: LabelHow): Promise<number | string> => {
  const failures: string[] = [];
  for (let attempt = 0; attempt <= how.retries; attempt++) {
    how.signal.throwIfAborted();
    try {
      return await once(judge, question, how);
    } catch (error) {
      how.signal.throwIfAborted();
      if (IngotError.is(error) && FATAL.has(error.code)) throw error;
      failures.push(messageOf(error));
    }
  }
  return failures.join('; then ');
};

/**
 * The probability that the first answer is better: (p + 1 − q) / 2 over both orders, exactly 0.5 for a judge that looks at positions alone. A
 * timeout, an exception or nonsense, after the retries, makes it missing. Throws when aborted, when a budget is spent, and when an endpoint refuses or wants a key.
 */
export const softLabel = async (judge: JudgeFunction, question: JudgeQuestion, how: LabelHow): Promise<Labelled> => {
  const p = await ask(judge, question, how);
  if (typeof p === 'string') return { missing: p };
  const q = await ask(judge, { ...question, first: question.second, second: question.first }, how);
  if (typeof q === 'string') return { missing: q };
  const [low, high] = how.clamp ?? [0, 1];
  return { probability: Math.min(high, Math.max(low, 0.5 + (p - q) / 2)), positions: [p, 1 - q] };
};
