// One way to call every judge: a plain function has nothing to open.
import type { JudgeAtWork, JudgeContext, JudgeValue } from './parts.js';

/** A judge at work, whatever it was given as; the caller disposes of it. */
export async function openJudge(judge: JudgeValue, context: JudgeContext = {}): Promise<JudgeAtWork> {
  return typeof judge === 'function' ? { ask: judge, dispose: () => undefined } : judge.open(context);
}
