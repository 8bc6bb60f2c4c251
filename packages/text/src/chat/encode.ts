// Prompts, completions and examples as tokens, with the weight of each token as a target.
import { IngotError } from '@ingot/core';
import type { ChatExample, ExampleRow, Message, PromptValue } from '@ingot/contracts';
import { spell } from './conversation.js';
import type { ChatEncoder } from './encoder.js';
import { fit } from './fit.js';

const isText = (prompt: PromptValue): prompt is string => typeof prompt === 'string';

/** A text's tokens, after the begin-of-text where the format has one. */
const encodeText = ({ tokenizer, beginOfText }: ChatEncoder, text: string): readonly number[] => [
  ...(beginOfText === undefined ? [] : [beginOfText]),
  ...tokenizer.encode(text),
];

const checkPrompt = (messages: readonly Message[]): void => {
  const last = messages.at(-1)?.role;
  if (last === undefined || last === 'assistant')
    throw new IngotError(
      'bad-input',
      last
        ? 'A prompt wants a turn of the user (or the system) as its last, got one of the assistant. Leave the answer out of the prompt.'
        : 'A prompt wants at least one turn, got none.',
    );
};

/**
 * The tokens that ask for an answer: a conversation with its generation prompt, a text as it is; exactly one begin-of-text where the format has one.
 * Throws 'bad-input' for a conversation without a chat format, or one that the format refuses, or that ends with an answer.
 */
export const encodePrompt = (encoder: ChatEncoder, prompt: PromptValue): Int32Array => {
  if (isText(prompt)) return Int32Array.from(encodeText(encoder, prompt));
  checkPrompt(prompt);
  return spell(encoder, prompt, true).ids;
};

/** A prompt as the model reads it. Throws as `encodePrompt`. */
export const showPrompt = (encoder: ChatEncoder, prompt: PromptValue): string =>
  encoder.tokenizer.decode(encodePrompt(encoder, prompt));

/** A prompt and one answer to it. */
export interface EncodedCompletion {
  readonly ids: Int32Array;
  /** ids[promptLength …] are the completion and the token that ends it. */
  readonly promptLength: number;
  readonly truncated: boolean;
}

const encodeWhole = (encoder: ChatEncoder, prompt: PromptValue, text: string): Omit<EncodedCompletion, 'truncated'> => {
  if (isText(prompt)) {
    const before = encodeText(encoder, prompt);
    return {
      ids: Int32Array.from([...before, ...encoder.tokenizer.encode(text), encoder.endOfTurn]),
      promptLength: before.length,
    };
  }
  const asked = encodePrompt(encoder, prompt);
  const { ids, answerAt, answerEnd } = spell(encoder, [...prompt, { role: 'assistant', content: text }], false);
  if (answerAt !== asked.length || asked.some((id, at) => ids[at] !== id))
    throw new IngotError(
      'bad-input',
      `The chat format '${encoder.format?.name}' spells this prompt otherwise when an answer follows it: ${JSON.stringify(encoder.tokenizer.decode(asked))} became ${JSON.stringify(encoder.tokenizer.decode(ids.subarray(0, answerAt)))}. Take a template whose turns do not depend on later ones.`,
    );
  return { ids: ids.slice(0, answerEnd), promptLength: answerAt };
};

/**
 * A prompt, an answer to it and the token that ends the answer. The prompt's tokens are those of `encodePrompt`. What is too long loses the prompt's beginning (but for the begin-of-text), then the completion's end.
 * Throws as `encodePrompt`, and 'bad-options' when `maxTokens` is less than 4.
 */
export const encodeCompletion = (
  encoder: ChatEncoder,
  prompt: PromptValue,
  text: string,
  { maxTokens }: { readonly maxTokens: number },
): EncodedCompletion => {
  const { ids, promptLength } = encodeWhole(encoder, prompt, text);
  const { cut, ...fitted } = fit(ids.length, promptLength, maxTokens, encoder.beginOfText !== undefined);
  return { ids: cut(ids), ...fitted };
};

/** An example as tokens. */
export interface EncodedExample {
  readonly ids: Int32Array;
  /** The weight of each token as a target; 0: not learnt. The first token is never a target: nothing comes before it. */
  readonly weights: Float32Array;
  readonly truncated: boolean;
}

const checkWeight = (weight: number | undefined): void => {
  if (weight !== undefined && !(Number.isFinite(weight) && weight >= 0))
    throw new IngotError('bad-input', `A weight wants a number of at least 0, got ${weight}.`);
};
const checkAnswer = (answer: string, what: string): void => {
  if (answer.trim() === '')
    throw new IngotError('bad-input', `${what} is empty: it would teach the model to say nothing. Leave the row out.`);
};

const encodeChat = (encoder: ChatEncoder, { messages }: ChatExample, maxTokens: number): EncodedExample => {
  messages.forEach(({ role, content, weight }, index) => {
    checkWeight(weight);
    if (role === 'assistant') checkAnswer(content, `Turn ${index + 1} of ${messages.length}, the assistant's,`);
  });
  if (!messages.some(({ role }) => role === 'assistant'))
    throw new IngotError(
      'bad-input',
      `An example wants a turn of the assistant, got ${messages.map(({ role }) => role).join(', ') || 'no turns'}: there is nothing to learn.`,
    );
  const { ids, owners } = spell(encoder, messages, false);
  const turnWeights = messages.map(({ role, weight }) => weight ?? (role === 'assistant' ? 1 : 0));
  const weights = Float32Array.from(owners, (owner) => turnWeights[owner] ?? 0);
  weights[0] = 0;

  // A conversation loses its end; when nothing would be learnt of what is left, it is cut as a prompt and its first answer are.
  const start = Math.max(
    0,
    weights.findIndex((weight) => weight > 0),
  );
  const owner = owners[start]!;
  const firstEnd = owners.findLastIndex((other) => other === owner) + 1;
  if (firstEnd <= maxTokens || weights[start] === 0) {
    const { cut, truncated } = fit(ids.length, 0, maxTokens, false);
    return { ids: cut(ids), weights: cut(weights), truncated };
  }
  const { cut } = fit(firstEnd, start, maxTokens, encoder.beginOfText !== undefined);
  return { ids: cut(ids), weights: cut(weights), truncated: true };
};

/**
 * An example's tokens and their weights. A conversation: the assistant's turns with the token that ends them (weight 1 unless said), and other turns that have a weight. Prompt and completion: the completion and its end. A text: every token, and end-of-text.
 * Throws 'bad-input' for an empty answer, no answer, a bad weight and what `encodePrompt` refuses; 'bad-options' when `maxTokens` is less than 4.
 */
export const encodeExample = (
  encoder: ChatEncoder,
  row: ExampleRow,
  { maxTokens }: { readonly maxTokens: number },
): EncodedExample => {
  if ('messages' in row) return encodeChat(encoder, row, maxTokens);
  checkWeight(row.weight);
  const weight = row.weight ?? 1;
  if ('completion' in row) {
    checkAnswer(row.completion, 'The completion');
    const { promptLength, ...rest } = encodeCompletion(encoder, row.prompt, row.completion, { maxTokens });
    return {
      ...rest,
      weights: rest.ids.length ? weightsFrom(promptLength, rest.ids.length, weight) : new Float32Array(),
    };
  }
  checkAnswer(row.text, 'The text');
  const before = encoder.beginOfText === undefined ? 0 : 1;
  const end = encoder.tokenizer.endOfText ?? encoder.endOfTurn;
  const all = Int32Array.from([...encodeText(encoder, row.text), end]);
  const { cut, truncated } = fit(all.length, 0, maxTokens, false);
  const ids = cut(all);
  return { ids, weights: weightsFrom(before, ids.length, weight), truncated };
};

const weightsFrom = (start: number, length: number, weight: number): Float32Array =>
  new Float32Array(length).fill(weight, Math.max(1, start));
