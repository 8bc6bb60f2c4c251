// How the context is shared between a prompt and its answer.
import { IngotError } from '@ingot/core';

/**
 * Room of an answer and of a prompt: together one token more than the context, since the last one is nobody's input.
 * @throws IngotError `bad-options` where no room is left for a prompt.
 */
export function roomsOf(
  stage: string,
  wanted: number | undefined,
  context: number,
): { readonly tokens: number; readonly room: number } {
  const tokens = wanted ?? Math.max(1, Math.min(128, Math.floor(context / 2)));
  if (tokens > context)
    throw new IngotError(
      'bad-options',
      `The stage '${stage}': tokens ${tokens} leave no room for a prompt: the model reads at most ${context}. Give fewer.`,
    );
  return { tokens, room: context + 1 - tokens };
}
