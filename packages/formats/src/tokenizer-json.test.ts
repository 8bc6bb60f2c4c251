// tokenizer.json: a real file goes in and out unchanged; what Ingot does not honour is refused by its name.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FormatError, mergePairs, parseTokenizerJson, readTokenizerJson, writeTokenizerJson } from './index.js';

const gpt2 = readFileSync(new URL('../../../tests/data/tiny-random-gpt2/tokenizer.json', import.meta.url), 'utf8');
const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false };
const small = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [
    { id: 3, content: '<s>', single_word: false, lstrip: false, rstrip: false, normalized: false, special: true },
  ],
  normalizer: null,
  pre_tokenizer: byteLevel,
  post_processor: null,
  decoder: byteLevel,
  model: {
    type: 'BPE',
    dropout: null,
    unk_token: null,
    vocab: { a: 0, b: 1, ab: 2 },
    merges: [['a', 'b']] as unknown[],
  },
};

describe('tokenizer.json', () => {
  it('of Hugging Face comes back with the same content', () => {
    const read = readTokenizerJson(gpt2);
    expect(read).toMatchObject(JSON.parse(gpt2));
    expect(read.model.type === 'BPE' && read.model.merges.length).toBe(806);
    expect(readTokenizerJson(writeTokenizerJson(read))).toEqual(read);
    expect(writeTokenizerJson(JSON.parse(gpt2) as typeof read)).toBe(gpt2.trimEnd());
  });
  it('reads merges in both spellings', () => {
    expect(mergePairs(['Ġ t', ['h', 'e']])).toEqual([
      ['Ġ', 't'],
      ['h', 'e'],
    ]);
    expect(mergePairs([['a b', 'c']])).toEqual([['a b', 'c']]);
    for (const merge of ['ab', 'a b c', ' b']) expect(() => mergePairs([merge])).toThrow(/merge 0 wants two tokens/);
  });
  it.each([[['a']], [['a', 'b', 'c']], [[1, 'b']], [null]].map((merge) => [JSON.stringify(merge), merge]))(
    'refuses the merges %s',
    (_, merges) => {
      expect(() => parseTokenizerJson({ ...small, model: { ...small.model, merges } })).toThrow(/model 'BPE'/);
    },
  );
  it('refuses merges that are no list', () => {
    expect(() => parseTokenizerJson({ ...small, model: { ...small.model, merges: {} } })).toThrow(/model 'BPE'/);
  });
  it("keeps a token named '__proto__'", () => {
    const text = '{"model":{"type":"BPE","vocab":{"a":0,"__proto__":1},"merges":[]}}';
    expect(Object.entries(readTokenizerJson(text).model.vocab)).toEqual([
      ['a', 0],
      ['__proto__', 1],
    ]);
    expect(writeTokenizerJson(readTokenizerJson(text))).toContain('"__proto__": 1');
  });
  it('reads a split pattern before ByteLevel', () => {
    const split = { type: 'Split', pattern: { Regex: String.raw`\p{N}{1,3}` }, behavior: 'Isolated', invert: false };
    expect(
      parseTokenizerJson({ ...small, pre_tokenizer: { type: 'Sequence', pretokenizers: [split, byteLevel] } })
        .pre_tokenizer,
    ).toMatchObject({ pretokenizers: [split, byteLevel] });
  });

  const refusals: readonly (readonly [string, object, RegExp])[] = [
    ['a normalizer', { normalizer: { type: 'Lowercase' } }, /normalizer 'Lowercase'/],
    ['a pre-tokenizer', { pre_tokenizer: { type: 'Metaspace' } }, /pre_tokenizer 'Metaspace'/],
    [
      'a member of a sequence',
      { pre_tokenizer: { type: 'Sequence', pretokenizers: [byteLevel, { type: 'Digits' }] } },
      /pre_tokenizer 'Sequence' of 'Digits'/,
    ],
    [
      'a split that removes',
      { pre_tokenizer: { type: 'Split', pattern: { String: ' ' }, behavior: 'Removed', invert: false } },
      /pre_tokenizer 'Split'/,
    ],
    ['a post-processor', { post_processor: { type: 'TemplateProcessing' } }, /post_processor 'TemplateProcessing'/],
    ['a decoder', { decoder: { type: 'WordPiece' } }, /decoder 'WordPiece'/],
    ['a model', { model: { type: 'Unigram', vocab: [] } }, /model 'Unigram'/],
    ['truncation', { truncation: { max_length: 5 } }, /setting 'truncation'/],
    ['padding', { padding: { strategy: 'BatchLongest' } }, /setting 'padding'/],
    ['dropout', { model: { ...small.model, dropout: 0.1 } }, /setting 'dropout'/],
    ['byte fallback', { model: { ...small.model, byte_fallback: true } }, /setting 'byte_fallback'/],
    ['a suffix', { model: { ...small.model, end_of_word_suffix: '</w>' } }, /setting 'end_of_word_suffix'/],
    [
      'an added token that strips',
      { added_tokens: [{ ...small.added_tokens[0], lstrip: true }] },
      /setting 'lstrip' of added token 0/,
    ],
  ];
  it.each(refusals)('refuses %s by its name', (_, change, message) => {
    const read = () => parseTokenizerJson({ ...small, ...change }, 'model/tokenizer.json');
    expect(read).toThrow(message);
    expect(read).toThrow(/^model\/tokenizer\.json: .*Supported are/s);
    expect(read).toThrow(expect.objectContaining({ code: 'unsupported' }));
  });

  it.each([
    ['what is not JSON', '{"model":', /wanted JSON/],
    [
      'a name twice',
      '{"version":"1.0","model":{"type":"BPE","vocab":{"a":0,"a":1},"merges":[]}}',
      /the name 'a' twice/,
    ],
    ['no model', '{}', /model/],
    [
      'an id that is no whole number',
      JSON.stringify({ ...small, model: { ...small.model, vocab: { a: 0.5 } } }),
      /model/,
    ],
    ['text', '"hello"', /tokenizer\.json/],
  ])('refuses %s', (_, text, message) => {
    expect(() => readTokenizerJson(text)).toThrow(message);
    expect(() => readTokenizerJson(text)).toThrow(expect.objectContaining({ name: 'FormatError' }));
    expect(FormatError.is(new Error('other'))).toBe(false);
  });
});
