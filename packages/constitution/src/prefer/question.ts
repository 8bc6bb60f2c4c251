// What a judge is asked, and what the stages that ask one have in common.
import type { JudgeContext, ModelValue, PromptValue } from '@ingot/contracts';
import * as z from 'zod';
import { asMessages } from '../revise/revise.js';

/** The prompt as the judge reads it: the principle stands behind the request. */
export const questionOf = (prompt: PromptValue, preference: string): string =>
  `${asMessages(prompt)
    .map(({ role, content }) => (typeof prompt === 'string' ? content : `${role}: ${content}`))
    .join('\n')}\n\n(${preference})`;

/** How long a judge may take. */
export const judgeOptions = {
  timeoutMs: z.int().positive().default(30_000).describe('How long a judge may take for one question.'),
  retries: z.int().nonnegative().default(1).describe('Tries after one that failed.'),
};

/** What a stage gives its judge: the models at its ports. */
export const judgeContext = (
  { judge, reward }: { readonly judge?: ModelValue | undefined; readonly reward?: ModelValue | undefined },
  signal: AbortSignal,
): JudgeContext => ({ ...(judge ? { model: judge } : {}), ...(reward ? { reward } : {}), signal });
