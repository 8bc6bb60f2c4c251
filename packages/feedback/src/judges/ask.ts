// One question to a judge that may be late, throw, or answer nonsense.
import type { JudgeFunction, JudgeQuestion } from '@ingot/contracts';
import { messageOf } from '@ingot/core';

export interface AskOptions {
  readonly signal?: AbortSignal;
  /** How long one try may take; 30 seconds unless said. */
  readonly timeoutMs?: number;
  /** Tries after the first that failed; 1 unless said. */
  readonly retries?: number;
}
/** A probability, or what was got in its place at each try. */
export type Answered = { readonly probability: number } | { readonly failures: readonly string[] };

/** One try. Whatever a judge does, this ends: its promise may never settle, and then its signal is aborted. */
async function tryOnce(
  judge: JudgeFunction,
  question: JudgeQuestion,
  { signal, timeoutMs }: { readonly signal: AbortSignal | undefined; readonly timeoutMs: number },
): Promise<number | string> {
  const stopper = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = `no answer within ${timeoutMs} ms`;
  let cancel: (() => void) | undefined;
  const ended = new Promise<{ readonly late: string }>((resolve, reject) => {
    timer = setTimeout(() => {
      resolve({ late });
      stopper.abort(new Error(late));
    }, timeoutMs);
    cancel = () => {
      reject(signal?.reason);
      stopper.abort(signal?.reason);
    };
    signal?.addEventListener('abort', cancel, { once: true });
  });
  try {
    const answer = (async () => ({ said: (await judge(question, stopper.signal)) as unknown }))();
    const first = await Promise.race([answer, ended]);
    if ('late' in first) return first.late;
    const { said } = first;
    return typeof said === 'number' && said >= 0 && said <= 1
      ? said
      : `${String(said)} in place of a probability from 0 to 1`;
  } catch (error) {
    signal?.throwIfAborted();
    return `the error '${messageOf(error)}'`;
  } finally {
    clearTimeout(timer);
    if (cancel) signal?.removeEventListener('abort', cancel);
  }
}

/**
 * Asks until there is a probability, or no try is left. A timeout, an exception and a number that is no probability are told in words, never
 * taken for a tie. Throws only when `signal` is aborted.
 */
export async function askJudge(
  judge: JudgeFunction,
  question: JudgeQuestion,
  { signal, timeoutMs = 30_000, retries = 1 }: AskOptions = {},
): Promise<Answered> {
  const failures: string[] = [];
  for (let attempt = 0; attempt <= retries; attempt++) {
    signal?.throwIfAborted();
    const said = await tryOnce(judge, question, { signal, timeoutMs });
    if (typeof said === 'number') return { probability: said };
    failures.push(said);
  }
  return { failures };
}
