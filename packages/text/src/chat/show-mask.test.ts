// Runs of equal weight: their texts joined are the example, and characters stay whole.
import { expect, it } from 'vitest';
import { byteTokenizer, specialFor } from './chats.fixture.js';
import { chatEncoder } from './encoder.js';
import { chatFormats } from './formats.js';
import { maskRuns, showMask } from './show-mask.js';

const chat = chatFormats.chatml;
const encoder = chatEncoder({ tokenizer: byteTokenizer(specialFor(chat)), chat });

it('shows what is learnt of a conversation', () => {
  const messages = [
    { role: 'user', content: 'naïve?' },
    { role: 'assistant', content: '🙂', weight: 0.5 },
  ] as const;
  expect(showMask(encoder, { messages }, { maxTokens: 100 })).toEqual([
    { text: '<|im_start|>user\nnaïve?<|im_end|>\n<|im_start|>assistant\n', weight: 0 },
    { text: '🙂<|im_end|>', weight: 0.5 },
    { text: '\n', weight: 0 },
  ]);
});

it('keeps a character whole that two weights share, in the first run', () => {
  const bytes = [...new TextEncoder().encode('a🙂é')].map((byte, at) => ({
    bytes: Uint8Array.of(byte),
    weight: at < 3 || at > 5 ? 0 : 1,
  }));
  expect(maskRuns(bytes)).toEqual([
    { text: 'a🙂', weight: 0 },
    { text: 'é', weight: 1 },
  ]);
  expect(maskRuns(bytes.slice(0, 4))).toEqual([{ text: 'a\uFFFD', weight: 0 }]);
  expect(maskRuns([])).toEqual([]);
});
