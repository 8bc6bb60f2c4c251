// The tokens of a conversation with the message that each of them belongs to: the template's by control tokens, contents without any.
import { IngotError } from '@ingot/core';
import type { Message } from '@ingot/contracts';
import type { Tokenizer } from '../tokenizer.js';
import type { ChatEncoder } from './encoder.js';
import { contentsIn } from './fill.js';
import type { Plain } from './plan.js';

export interface Spelt {
  readonly ids: Int32Array;
  /** For each token the message whose weight it learns with, or -1. */
  readonly owners: Int32Array;
  /** Where the last turn begins, when it is an answer; all before it is the prompt. */
  readonly answerAt: number;
  /** After the control token that ends the last turn. */
  readonly answerEnd: number;
}

/**
 * Spells a conversation. There is exactly one begin-of-text, first, where the format has one.
 * Throws 'bad-input' for two system turns, roles that the template refuses, and a template that changes contents.
 */
export const spell = (encoder: ChatEncoder, messages: readonly Message[], generate: boolean): Spelt => {
  const renderer = encoder.renderer();
  const roles = messages.map(({ role }) => role);
  if (roles.filter((role) => role === 'system').length > 1)
    throw new IngotError(
      'bad-input',
      `A conversation wants at most one system turn, got ${roles.join(', ')}. Join them, or leave one out.`,
    );
  const plan = encoder.plan(roles, generate);
  const contents = contentsIn(
    renderer.render(messages, generate),
    plan.parts,
    messages.map(({ content }) => content),
  );
  if (!contents)
    throw new IngotError(
      'bad-input',
      `The chat format '${renderer.format.name}' does not spell these contents as they are or trimmed: its template changes them, or spells its own text otherwise because of them, so what is learnt could not be told. The conversation: ${JSON.stringify(messages).slice(0, 200)}.`,
    );

  const [ids, owners]: [number[], number[]] = [[], []];
  let [answerAt, answerEnd] = [0, 0];
  plan.segments.forEach((segment, index) => {
    if (index === plan.answerAt) answerAt = ids.length;
    if (index === plan.answerEnd) answerEnd = ids.length;
    if ('run' in segment) return addRun(encoder.tokenizer, segment.run, contents, ids, owners);
    ids.push(segment.id);
    owners.push(segment.owner ?? -1);
  });
  if (plan.answerEnd === plan.segments.length) answerEnd = ids.length;
  const { beginOfText } = encoder;
  if (beginOfText === undefined || ids[0] === beginOfText) return whole(ids, owners, answerAt, answerEnd);
  return whole([beginOfText, ...ids], [-1, ...owners], answerAt + 1, answerEnd + 1);
};

/** Appends a run's tokens, none of them a control token; a token belongs to what its first byte belongs to. */
const addRun = (
  tokenizer: Tokenizer,
  run: readonly Plain[],
  contents: readonly string[],
  ids: number[],
  owners: number[],
): void => {
  const texts = run.map((plain) => ('text' in plain ? plain.text : contents[plain.message]!));
  const made = tokenizer.encode(texts.join(''));
  let [piece, end, at] = [0, byteLength(texts[0]!), 0];
  for (const id of made) {
    while (at >= end && piece + 1 < run.length) end += byteLength(texts[++piece]!);
    ids.push(id);
    owners.push(run[piece]!.owner ?? -1);
    at += tokenizer.bytes(id).length;
  }
};
const utf8 = new TextEncoder();
const byteLength = (text: string): number => utf8.encode(text).length;

const whole = (ids: readonly number[], owners: readonly number[], answerAt: number, answerEnd: number): Spelt => ({
  ids: Int32Array.from(ids),
  owners: Int32Array.from(owners),
  answerAt,
  answerEnd,
});
