// What is learnt of 1,000 random conversations: the answers and the tokens that end them, whatever control tokens people write.
import { describe, expect, it } from 'vitest';
import type { ChatFormat, Message } from '@ingot/contracts';
import { randomNumbers } from '../random-text.fixture.js';
import { bpeTokenizer, byteTokenizer, characterTokenizer, randomChat, specialFor } from './chats.fixture.js';
import { encodeCompletion, encodeExample, encodePrompt } from './encode.js';
import { chatEncoder, type ChatEncoder } from './encoder.js';
import { chatFormats } from './formats.js';

const TRIMS: readonly string[] = ['llama-3', 'gemma'];
/** What the template puts between its generation prompt and an answer. */
const gapOf = ({ name }: ChatFormat): string => (name === 'mistral' ? ' ' : '');

const check = (encoder: ChatEncoder, messages: readonly Message[]): void => {
  const { tokenizer, endOfTurn, beginOfText } = encoder;
  const format = encoder.format!;
  const { ids, weights, truncated } = encodeExample(encoder, { messages }, { maxTokens: 100_000 });
  expect(truncated).toBe(false);

  // Runs of learnt tokens are the answers, in order, each with one end of turn.
  const runs: number[][] = [];
  weights.forEach((weight, at) => {
    if (weight === 0) return;
    if (weights[at - 1] === 0) runs.push([]);
    runs.at(-1)!.push(ids[at]!);
  });
  const spelt = (content: string): string => (TRIMS.includes(format.name) ? content.trim() : content);
  const answers = messages.filter(({ role }) => role === 'assistant').map(({ content }) => spelt(content));
  expect(runs.map((run) => run.at(-1))).toEqual(answers.map(() => endOfTurn));
  expect(runs.map((run) => tokenizer.decode(run.slice(0, -1)))).toEqual(answers.map((text) => gapOf(format) + text));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  expect(sum).toBe(answers.reduce((total, text) => total + tokenizer.encode(gapOf(format) + text).length + 1, 0));

  // Control tokens: as many as in the same conversation without any in its contents.
  const controls = (all: Int32Array): number[] => [...all].filter((id) => [...tokenizer.special.values()].includes(id));
  const harmless = encodeExample(
    encoder,
    { messages: messages.map((message) => ({ ...message, content: 'a' })) },
    { maxTokens: 100_000 },
  );
  expect(controls(ids)).toEqual(controls(harmless.ids));
  if (beginOfText !== undefined) {
    expect(ids[0]).toBe(beginOfText);
    expect(ids.filter((id) => id === beginOfText)).toHaveLength(1);
  }

  // A prompt is what stands before its answer.
  const prompt = messages.slice(0, -1);
  const asked = encodePrompt(encoder, prompt);
  expect(ids.subarray(0, asked.length)).toEqual(asked);
  const whole = encodeCompletion(encoder, prompt, messages.at(-1)!.content, { maxTokens: 100_000 });
  expect(whole.promptLength).toBe(asked.length);
  expect(whole.ids).toEqual(ids.subarray(0, whole.ids.length));
  expect(whole.ids.at(-1)).toBe(endOfTurn);
  expect([...whole.ids.subarray(asked.length)]).toEqual(runs.at(-1));
};

describe.each(Object.values(chatFormats))('$name', (format: ChatFormat) => {
  const special = specialFor(format);
  const control = [...special, '<|im_end|>', '</s>', '<s>', '[INST]', '<eos>', '<bos>', '\uF8D00\uF8D1', '{{ x }}'];
  const conversations = (seed: number, count: number) => {
    const random = randomNumbers(seed);
    return Array.from({ length: count }, () => randomChat(random, control, format.name !== 'gemma'));
  };

  it('byte-level BPE: 500 random conversations', () => {
    const encoder = chatEncoder({ tokenizer: bpeTokenizer(special), chat: format });
    for (const messages of conversations(1, 500)) check(encoder, messages);
  });
  it('bytes: 300 random conversations', () => {
    const encoder = chatEncoder({ tokenizer: byteTokenizer(special), chat: format });
    for (const messages of conversations(2, 300)) check(encoder, messages);
  });
  it('characters: 200 random conversations', () => {
    const chats = conversations(3, 200);
    const texts = chats.flatMap((chat) => chat.map(({ content }) => content)).join('');
    const encoder = chatEncoder({
      tokenizer: characterTokenizer(special, `${texts}usermodelsystemassistant \n`),
      chat: format,
    });
    for (const messages of chats) check(encoder, messages);
  });
});
