// Prompts, completions and examples one by one: what is spelt, what is learnt, what is cut, and what is refused with which words.
import { describe, expect, it } from 'vitest';
import { IngotError } from '@ingot/core';
import type { ChatFormat, Message } from '@ingot/contracts';
import { byteTokenizer, characterTokenizer, specialFor } from './chats.fixture.js';
import { controlTokensOf } from './control-tokens.js';
import { encodeCompletion, encodeExample, encodePrompt, showPrompt } from './encode.js';
import { chatEncoder } from './encoder.js';
import { chatFormats } from './formats.js';

const { chatml, mistral, gemma } = chatFormats;
const encoderOf = (chat: ChatFormat) => chatEncoder({ tokenizer: byteTokenizer(specialFor(chat)), chat });
const encoder = encoderOf(chatml);
const base = chatEncoder({ tokenizer: byteTokenizer(['<|endoftext|>']) });
const user = (content: string): Message => ({ role: 'user', content });
const answer = (content: string, weight?: number): Message => ({
  role: 'assistant',
  content,
  ...(weight !== undefined && { weight }),
});
const room = { maxTokens: 1000 };
const codeOf = (body: () => unknown): string => {
  try {
    body();
  } catch (error) {
    if (IngotError.is(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'nothing was thrown';
};

describe('prompts', () => {
  it('are shown as the model reads them', () => {
    expect(showPrompt(encoder, [user('Hi')])).toBe('<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n');
    expect(showPrompt(encoder, 'Hi')).toBe('Hi');
    expect(showPrompt(encoderOf(mistral), [user('Hi')])).toBe('<s> [INST] Hi [/INST]');
    expect(showPrompt(encoderOf(mistral), 'Hi')).toBe('<s>Hi');
  });
  it('get the begin-of-text that a template leaves out, once', () => {
    const own: ChatFormat = { ...chatml, name: 'own', beginOfText: '<|begin|>' };
    const { beginOfText, ...rest } = encoderOf(own);
    const ids = encodePrompt({ ...rest, beginOfText: beginOfText! }, [user('<|begin|>')]);
    expect(ids.filter((id) => id === beginOfText)).toHaveLength(1);
    expect(ids[0]).toBe(beginOfText);
  });
  it.each<[string, () => unknown, RegExp]>([
    ['no turns', () => encodePrompt(encoder, []), /^bad-input: .*at least one turn/u],
    ['an answer last', () => encodePrompt(encoder, [user('a'), answer('b')]), /^bad-input: .*Leave the answer out/u],
    ['a base model', () => encodePrompt(base, [user('a')]), /^bad-input: .*no chat format.*chatml/u],
    [
      'two systems',
      () => encodePrompt(encoder, [{ role: 'system', content: 'a' }, { role: 'system', content: 'b' }, user('c')]),
      /^bad-input: .*at most one system turn, got system, system, user/u,
    ],
    [
      'roles refused',
      () => encodePrompt(encoderOf(mistral), [user('a'), user('b')]),
      /^bad-input: .*user, user.*alternate/u,
    ],
    ['no system', () => encodePrompt(encoderOf(gemma), [{ role: 'system', content: 'a' }, user('b')]), /System role/u],
  ])('refuse %s', (_, body, wanted) => expect(codeOf(body)).toMatch(wanted));
});

describe('completions', () => {
  it('end with the end of turn; of a base model, with end-of-text', () => {
    const chat = encodeCompletion(encoder, [user('Hi')], 'Yes', room);
    expect(encoder.tokenizer.decode(chat.ids.subarray(chat.promptLength))).toBe('Yes<|im_end|>');
    const text = encodeCompletion(base, 'Hi', ' there', room);
    expect(base.tokenizer.decode(text.ids)).toBe('Hi there<|endoftext|>');
    expect(text.promptLength).toBe(2);
  });
  it('may be empty: a sampled answer can be', () => {
    const { ids, promptLength } = encodeCompletion(encoder, [user('Hi')], '', room);
    expect([...ids.subarray(promptLength)]).toEqual([encoder.endOfTurn]);
  });
  it.each([
    [20, '0123456789', 'abcd<|endoftext|>', false],
    [15, '0123456789', 'abcd<|endoftext|>', false],
    [14, '123456789', 'abcd<|endoftext|>', true],
    [6, '9', 'abcd<|endoftext|>', true],
    [5, '9', 'abcd', true],
    [4, '9', 'abc', true],
  ])('lose the prompt’s beginning, then their end, in %i tokens', (maxTokens, prompt, completion, truncated) => {
    const got = encodeCompletion(base, '0123456789', 'abcd', { maxTokens });
    expect(base.tokenizer.decode(got.ids.subarray(0, got.promptLength))).toBe(prompt);
    expect(base.tokenizer.decode(got.ids.subarray(got.promptLength))).toBe(completion);
    expect(got.truncated).toBe(truncated);
  });
  it('keep the begin-of-text of a prompt that is cut', () => {
    const began = encoderOf(mistral);
    const shown = (maxTokens: number) => {
      const { ids, promptLength } = encodeCompletion(began, '0123456789', 'abcd', { maxTokens });
      return [began.tokenizer.decode(ids.subarray(0, promptLength)), ids.length];
    };
    expect(shown(16)).toEqual(['<s>0123456789', 16]);
    expect(shown(15)).toEqual(['<s>123456789', 15]);
    expect(shown(5)).toEqual(['<s>9', 5]);
  });
  it('want room for more than three tokens', () =>
    expect(codeOf(() => encodeCompletion(base, 'a', 'b', { maxTokens: 3 }))).toMatch(
      /^bad-options: .*at least 4, got 3/u,
    ));
});

describe('examples', () => {
  const shown = (row: Parameters<typeof encodeExample>[1], by = encoder, maxTokens = 1000) => {
    const { ids, weights } = encodeExample(by, row, { maxTokens });
    expect(weights).toHaveLength(ids.length);
    const learnt = (weight: number) => by.tokenizer.decode(ids.filter((_, at) => weights[at] === weight));
    return { text: by.tokenizer.decode(ids), one: learnt(1), half: learnt(0.5) };
  };
  it('learn the answers, with the weight of their turn', () => {
    const messages = [user('q'), answer('first', 0.5), { ...user('r'), weight: 0.5 }, answer('second')];
    expect(shown({ messages })).toMatchObject({ one: 'second<|im_end|>', half: 'first<|im_end|>r<|im_end|>' });
    expect(shown({ messages: [user('q'), answer('no', 0), user('r'), answer('yes')] }).one).toBe('yes<|im_end|>');
  });
  it('learn what the template leaves to the model before an answer', () =>
    expect(shown({ messages: [user('q'), answer('yes')] }, encoderOf(mistral)).one).toBe(' yes</s>'));
  it('of prompt and completion learn the completion and its end', () => {
    expect(shown({ prompt: 'q: ', completion: 'a' }, base)).toMatchObject({
      text: 'q: a<|endoftext|>',
      one: 'a<|endoftext|>',
    });
    expect(shown({ prompt: 'q: ', completion: 'a', weight: 0.5 }, base).half).toBe('a<|endoftext|>');
  });
  it('of a text learn every token that something comes before, and end-of-text', () => {
    expect(shown({ text: 'abc' }, base)).toMatchObject({ text: 'abc<|endoftext|>', one: 'bc<|endoftext|>' });
    expect(shown({ text: 'abc' }, encoderOf(mistral))).toMatchObject({
      text: '<s>abc<|endoftext|>',
      one: 'abc<|endoftext|>',
    });
  });
  it('too long a conversation loses its end, and its beginning when no answer would be left', () => {
    const messages = [user('q'), answer('first'), user('r'), answer('second')];
    const start = '<|im_start|>user\nq<|im_end|>\n<|im_start|>assistant\nfirst<|im_end|>\n';
    const { ids } = encodeExample(encoder, { messages }, room);
    const length = encoder.tokenizer.encode(start, { allowedSpecial: 'all' }).length;
    expect(shown({ messages }, encoder, length)).toMatchObject({ text: start, one: 'first<|im_end|>' });
    expect(encodeExample(encoder, { messages }, { maxTokens: length }).truncated).toBe(true);
    expect(encodeExample(encoder, { messages }, { maxTokens: ids.length }).truncated).toBe(false);
    expect(shown({ messages }, encoder, 9)).toMatchObject({ text: 'nt\nfirst<|im_end|>', one: 'first<|im_end|>' });
  });
  it.each<[string, () => unknown, RegExp]>([
    ['an empty answer', () => shown({ messages: [user('q'), answer(' \n')] }), /^bad-input: Turn 2 of 2.*is empty/u],
    ['an empty completion', () => shown({ prompt: 'q', completion: '' }, base), /^bad-input: The completion is empty/u],
    ['an empty text', () => shown({ text: '' }, base), /^bad-input: The text is empty/u],
    ['no answer', () => shown({ messages: [user('q')] }), /^bad-input: .*turn of the assistant, got user/u],
    ['no turns', () => shown({ messages: [] }), /^bad-input: .*no turns/u],
    ['a bad weight', () => shown({ text: 'a', weight: -1 }, base), /^bad-input: A weight .*got -1/u],
  ])('refuse %s', (_, body, wanted) => expect(codeOf(body)).toMatch(wanted));
});

describe('formats and tokenizers', () => {
  it('name the control tokens that a format needs', () => {
    expect(controlTokensOf(chatml)).toEqual(['<|im_end|>', '<|im_start|>']);
    expect(controlTokensOf(gemma)).toEqual(['<bos>', '<end_of_turn>', '<start_of_turn>']);
    expect(controlTokensOf(mistral)).toEqual(['<s>', '</s>', '[INST]', '[/INST]']);
    expect(new Set(controlTokensOf(chatFormats['phi-3']))).toEqual(
      new Set(['<|end|>', '<|system|>', '<|user|>', '<|assistant|>', '<|endoftext|>']),
    );
  });
  const own = (template: string, more: Partial<ChatFormat> = {}): ChatFormat => ({
    ...chatml,
    name: 'own',
    template,
    ...more,
  });
  const turn = "{{ '<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>\\n' }}";
  const opening = "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";
  const learn = (chat: ChatFormat) => () =>
    encodeExample(encoderOf(chat), { messages: [user('Qu'), answer('An')] }, room);
  it.each<[string, () => unknown, RegExp]>([
    [
      'missing control tokens, and say how to get them',
      () => chatEncoder({ tokenizer: byteTokenizer(['<|endoftext|>']), chat: chatml }),
      /^bad-input: .*'<\|im_end\|>', '<\|im_start\|>'.*special: \["<\|endoftext\|>","<\|im_end\|>","<\|im_start\|>"\]/u,
    ],
    ['no end at all', () => chatEncoder({ tokenizer: byteTokenizer([]) }), /^bad-input: Nothing ends an answer/u],
    [
      'padding as the end of turn',
      () => encoderOf(own(`{% for m in messages %}${turn}{% endfor %}`, { endOfTurn: '<|pad|>' })),
      /^bad-input: .*padding/u,
    ],
    ['a template that is no Jinja', () => encoderOf(own('{% for %}')), /^bad-options: .*no Jinja/u],
    [
      'a template that changes contents',
      learn(
        own(`{% for m in messages %}${turn.replace("m['content']", "m['content'] | upper")}{% endfor %}${opening}`),
      ),
      /^bad-input: .*as they are or trimmed/u,
    ],
    [
      'a template that spells a turn twice',
      learn(own(`{% for m in messages %}${turn}${turn}{% endfor %}${opening}`)),
      /^bad-input: .*turn 1 of 2 \(user\) 2 times/u,
    ],
    [
      'a template that leaves a turn out',
      learn(own(`{% for m in messages %}{% if m['role'] != 'user' %}${turn}{% endif %}{% endfor %}${opening}`)),
      /^bad-input: .*\(user\) 0 times/u,
    ],
    [
      'a template without a generation prompt',
      learn(own(`{% for m in messages %}${turn}{% endfor %}`)),
      /^bad-input: .*'<\|im_start\|>' would be part of every answer/u,
    ],
    [
      'a template that asks otherwise than it teaches',
      learn(own(`{% for m in messages %}${turn}{% endfor %}${opening.replace('assistant', 'model')}`)),
      /^bad-input: .*asked otherwise than it was taught/u,
    ],
    [
      'a template that never ends an answer',
      learn(own(`{% for m in messages %}${turn.replace(" + '<|im_end|>\\n'", '')}{% endfor %}${opening}`)),
      /^bad-input: .*never learn to stop/u,
    ],
    [
      'the eos_token of a published folder that ends no turn',
      () => encoderOf({ ...gemma, endOfTurn: '<eos>' }),
      /^bad-input: .*never learn to stop/u,
    ],
    [
      'two begins of text',
      learn(
        own(`{{ bos_token + bos_token }}{% for m in messages %}${turn}{% endfor %}${opening}`, { beginOfText: '<s>' }),
      ),
      /^bad-input: .*2 times, wanted once/u,
    ],
    [
      'a template that spells a prompt otherwise before an answer',
      () =>
        encodeCompletion(
          encoderOf(
            own(
              `{% for m in messages %}{{ 'late' if m['role'] == 'user' and not loop.last }}${turn}{% endfor %}${opening}`,
            ),
          ),
          [user('Qu')],
          'An',
          room,
        ),
      /^bad-input: .*otherwise when an answer follows/u,
    ],
    [
      'a character that the template needs',
      () => chatEncoder({ tokenizer: characterTokenizer(specialFor(chatml), 'abc'), chat: chatml }),
      /^bad-input: .*Character '\n'/u,
    ],
  ])('refuse %s', (_, body, wanted) => expect(codeOf(body)).toMatch(wanted));
  it('tell a template that there is no clock', () => {
    const dated = own(
      `{% set day = strftime_now('%d') if strftime_now is defined else 'no day' %}{{ day }}{% for m in messages %}${turn}{% endfor %}${opening}`,
    );
    expect(showPrompt(encoderOf(dated), [user('a')])).toMatch(/^no day<\|im_start\|>/u);
  });
});
