// Text, ids and masks of transformers' apply_chat_template (bench/peers/chat_templates.py), and @huggingface/jinja's own rendering.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Template } from '@huggingface/jinja';
import type { Message } from '@ingot/contracts';
import { describe, expect, it } from 'vitest';
import { randomChat, specialFor } from './chats.fixture.js';
import { spell } from './conversation.js';
import { encodeExample } from './encode.js';
import { chatEncoder } from './encoder.js';
import { chatFormats, type ChatFormatName } from './formats.js';
import { randomNumbers } from '../random-text.fixture.js';
import { tokenizerValue } from '../tokenizer-value.js';

type Rendered = { readonly text: string; readonly ids: readonly number[] } | { readonly error: string };
interface Fixture {
  readonly tokenizer: unknown;
  readonly chats: readonly (readonly Message[])[];
  readonly formats: Readonly<
    Record<
      ChatFormatName,
      {
        readonly template: string;
        readonly asked: readonly Rendered[];
        readonly told: readonly Rendered[];
      }
    >
  >;
  readonly marked: Readonly<
    Record<
      string,
      {
        readonly template: string;
        readonly examples: readonly { readonly ids: readonly number[]; readonly mask: readonly number[] }[];
      }
    >
  >;
}
const fixture = JSON.parse(readFileSync(new URL('fixtures/transformers.json', import.meta.url), 'utf8')) as Fixture;
const tokenizer = tokenizerValue(fixture.tokenizer);
const names = Object.keys(chatFormats) as ChatFormatName[];

describe.each(names)('%s', (name) => {
  const format = chatFormats[name];
  const golden = fixture.formats[name];
  const encoder = chatEncoder({ tokenizer, chat: format });

  it('is the template that the goldens were made with', () => {
    expect(createHash('sha256').update(format.template).digest('hex')).toBe(golden.template);
  });
  it.each(['asked', 'told'] as const)('spells text and ids of every chat as transformers does (%s)', (how) => {
    let refused = 0;
    fixture.chats.forEach((chat, at) => {
      const wanted = golden[how][at]!;
      if ('error' in wanted) {
        refused++;
        expect(() => spell(encoder, chat, how === 'asked')).toThrow(wanted.error);
        return;
      }
      const { ids } = spell(encoder, chat, how === 'asked');
      expect(encoder.renderer().render(chat, how === 'asked')).toBe(wanted.text);
      expect([...ids]).toEqual(wanted.ids);
      expect(encoder.tokenizer.decode(ids)).toBe(wanted.text);
    });
    expect(refused).toBe(golden[how].filter((one) => 'error' in one).length);
  });
  it('is byte-equal to what @huggingface/jinja renders, on 200 random conversations', () => {
    const random = randomNumbers(11);
    const peer = new Template(format.template);
    for (let i = 0; i < 200; i++) {
      const chat = randomChat(random, specialFor(format), name !== 'gemma');
      const { ids } = spell(encoder, chat, false);
      const text = peer.render({
        messages: chat,
        add_generation_prompt: false,
        bos_token: format.beginOfText ?? '',
        eos_token: format.endOfTurn,
      });
      expect(encoder.tokenizer.decode(ids)).toBe(text);
    }
  });
});

describe.each(Object.keys(fixture.marked))('blocks of generation, %s', (layout) => {
  const { template, examples } = fixture.marked[layout]!;
  const chat = { name: layout, template, endOfTurn: '<|im_end|>' };
  const encoder = chatEncoder({ tokenizer, chat });

  it("decide what is learnt, as transformers' return_assistant_tokens_mask", () => {
    fixture.chats.slice(1, 5).forEach((messages, at) => {
      const { ids, weights } = encodeExample(encoder, { messages }, { maxTokens: 1000 });
      expect([...ids]).toEqual(examples[at]!.ids);
      expect([...weights]).toEqual(examples[at]!.mask);
    });
    for (const { mask } of examples) expect(new Set(mask)).toEqual(new Set([0, 1]));
  });
});
