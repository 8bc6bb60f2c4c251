// Prompts of feedback as tokens, each once, split into those that are learnt from and those that are kept for evaluation.
import { createHash } from 'node:crypto';
import { IngotError } from '@ingot/core';
import { referencesOf, type Answer, type FeedbackRow, type PromptValue, type RowsValue } from '@ingot/contracts';
import { encodePrompt, type ChatEncoder } from '@ingot/text';
import type { RolloutPrompt } from '../rollouts.js';

export interface OnlinePrompt extends RolloutPrompt {
  readonly prompt: PromptValue;
  /** Right answers that the prompt's rows give, for rewards that compare with them. */
  readonly references: readonly string[];
}
export interface OnlinePrompts {
  /** By number: what a rollout's `row` says. */
  readonly all: readonly OnlinePrompt[];
  readonly train: readonly OnlinePrompt[];
  readonly heldOut: readonly OnlinePrompt[];
  /** Prompts that lost their beginning. */
  readonly truncated: number;
}
/** A number in [0, 1) of a prompt: the same as in the methods of feedback, so that the same prompts are held out. */
const place = (key: string): number => createHash('sha256').update(key).digest().readUInt32BE(0) / 2 ** 32;

/** Answers as rewards see them. */
export const answersTo = (
  prompts: OnlinePrompts,
  rollouts: readonly { readonly row: number; readonly text: string }[],
): readonly Answer[] =>
  rollouts.map(({ row, text }) => {
    const { prompt, references } = prompts.all[row]!;
    return { prompt, text, ...(references.length > 0 && { references }) };
  });

/** Whether a prompt is kept for evaluation. */
export const isHeldOut = (prompt: PromptValue, share: number): boolean => place(JSON.stringify(prompt)) < share;

/** Reads and encodes prompts; a prompt longer than `room` tokens keeps its end. Throws `bad-input` for none, and when none is left to learn from. */
export async function readPrompts(
  feedback: RowsValue<FeedbackRow>,
  {
    encoder,
    room,
    heldOut,
    stage,
  }: { readonly encoder: ChatEncoder; readonly room: number; readonly heldOut: number; readonly stage: string },
): Promise<OnlinePrompts> {
  const all: (OnlinePrompt & { readonly references: string[]; readonly held: boolean })[] = [];
  const seen = new Map<string, string[]>();
  let [rows, truncated] = [0, 0];
  for await (const row of feedback.read()) {
    const { prompt } = row;
    const key = JSON.stringify(prompt);
    rows++;
    const known = seen.get(key);
    if (known) {
      known.push(...referencesOf(row));
      continue;
    }
    const references = [...referencesOf(row)];
    seen.set(key, references);
    let ids: Int32Array;
    try {
      ids = encodePrompt(encoder, prompt);
    } catch (cause) {
      if (!IngotError.is(cause)) throw cause;
      throw new IngotError(cause.code, `The stage '${stage}', prompt of row ${rows - 1}: ${cause.message}`, { cause });
    }
    if (ids.length === 0)
      throw new IngotError('bad-input', `The stage '${stage}': the prompt of row ${rows - 1} is empty. Leave it out.`);
    if (ids.length > room) truncated++;
    all.push({ row: all.length, prompt, references, ids: ids.slice(-room), held: place(key) < heldOut });
  }
  if (all.length === 0)
    throw new IngotError('bad-input', `The stage '${stage}' was given no prompts. Give rows with at least one.`);
  const train = all.filter(({ held }) => !held);
  if (train.length === 0)
    throw new IngotError(
      'bad-input',
      `The stage '${stage}' has no prompts left to learn from: all ${all.length} are held out. Give more, or a smaller heldOut.`,
    );
  return { all, train, heldOut: all.filter(({ held }) => held), truncated };
}
