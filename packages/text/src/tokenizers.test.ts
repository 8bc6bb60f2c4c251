// What holds of every tokenizer of ours: round trip, special tokens out of reach of user text, clear refusals, other programs read them.
import { Tokenizer as Peer } from '@huggingface/tokenizers';
import { describe, expect, it } from 'vitest';
import { BYTE_CHARACTERS, fromAlphabet, toAlphabet } from './byte-alphabet.js';
import { loadTokenizer } from './load-tokenizer.js';
import { randomNumbers, randomText } from './random-text.fixture.js';
import { StreamDecoder } from './stream-decoder.js';
import { PieceCounts, trainBpe } from './train-bpe.js';
import { END_OF_TEXT } from './tokenizer.js';
import { tokenizerValue } from './tokenizer-value.js';
import { byteLevelJson, charactersJson } from './write-tokenizer.js';

const corpus = 'the cat sat on the mat; the rat sat on the cat. 1234 naïve café 🙂\n'.repeat(20);
const trained = (
  vocabSize = 280,
  special = [END_OF_TEXT, '<|im_start|>'],
  pattern: 'gpt2' | 'cl100k' | 'o200k' = 'gpt2',
) => {
  const pieces = new PieceCounts(pattern);
  pieces.add(corpus);
  const { tokens, merges } = trainBpe(pieces.counts, { vocabSize, special, minFrequency: 0 });
  return byteLevelJson(tokens, merges, special, pattern);
};
const bpe = loadTokenizer({ json: trained() });
const bytes = loadTokenizer({
  json: byteLevelJson([END_OF_TEXT, ...[...BYTE_CHARACTERS].toSorted()], [], [END_OF_TEXT], 'gpt2'),
});

describe('byte alphabet', () => {
  it('maps the 256 bytes to 256 different characters and back', () => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    expect(new Set(toAlphabet(all)).size).toBe(256);
    expect(fromAlphabet(toAlphabet(all))).toEqual(all);
    expect(toAlphabet(new TextEncoder().encode(' é\n'))).toBe('ĠÃ©Ċ'); // as encoder.json of GPT-2 spells them
    expect(fromAlphabet('日')).toBeUndefined();
  });
});

describe('byte-level BPE', () => {
  it('spells any text, also with bytes alone', () => {
    const random = randomNumbers(3);
    const texts = Array.from({ length: 5_000 }, () => randomText(random, 12));
    for (const tokenizer of [bpe, bytes])
      expect(texts.filter((text) => tokenizer.decode(tokenizer.encode(text)) !== text)).toEqual([]);
    expect(bytes.decode(bytes.encode('\uFEFFa'))).toBe('\uFEFFa');
    expect(bytes.encode('héllo').length).toBe(6);
    expect(bpe.encode(' the cat').length).toBe(2);
  });

  it('never makes a control token of user text, unless it is allowed by name', () => {
    const random = randomNumbers(5);
    const control = new Set(bpe.special.values());
    for (let i = 0; i < 2_000; i++) {
      const text = `${randomText(random, 4)}${[...bpe.special.keys()][i % 2]}${randomText(random, 4)}`;
      expect(bpe.encode(text).some((id) => control.has(id))).toBe(false);
      expect(bpe.decode(bpe.encode(text))).toBe(text);
    }
    const marked = `a${END_OF_TEXT}b<|im_start|>`;
    expect([...bpe.encode(marked, { allowedSpecial: [END_OF_TEXT] })].filter((id) => control.has(id))).toEqual([0]);
    expect([...bpe.encode(marked, { allowedSpecial: 'all' })].filter((id) => control.has(id))).toEqual([0, 1]);
    expect(bpe.decode(bpe.encode(marked, { allowedSpecial: 'all' }))).toBe(marked);
    expect(() => bpe.encode('a', { allowedSpecial: ['<|im_end|>'] })).toThrow(
      /does not have\. Known: <\|endoftext\|>, <\|im_start\|>/,
    );
  });

  it.each(['gpt2', 'cl100k', 'o200k'] as const)(
    'with the pattern %s gives the ids of @huggingface/tokenizers on our tokenizer.json',
    (pattern) => {
      const json = trained(400, [END_OF_TEXT], pattern);
      const ours = loadTokenizer({ json });
      const peer = new Peer(JSON.parse(JSON.stringify(json)), { tokenizer_class: 'PreTrainedTokenizer' });
      const random = randomNumbers(9);
      const wrong: object[] = [];
      for (let i = 0; i < 1_000; i++) {
        const text = randomText(random, 16, /<\|endoftext\|>|[\u0085\uFEFF\u017F]/u); // as in published.test.ts
        const wanted = peer.encode(text, { add_special_tokens: false }).ids;
        const ids = [...ours.encode(text)];
        if (ids.join() !== wanted.join()) wrong.push({ text, ids, wanted });
      }
      expect(wrong).toEqual([]);
    },
  );

  it('merges the leftmost of equal pairs, as the paper does', () => {
    const json = byteLevelJson([...[...BYTE_CHARACTERS].toSorted(), 'aa'], [['a', 'a']], [], 'gpt2');
    expect([...loadTokenizer({ json }).encode('aaa')]).toEqual([256, json.model.vocab['a']]);
  });

  it('takes a piece of 200,000 characters in its stride', () => {
    expect(bpe.decode(bpe.encode('the'.repeat(66_667)))).toBe('the'.repeat(66_667));
  });

  it('ends early when there is nothing left to merge, and refuses a vocabulary below the bytes', () => {
    const pieces = new Map([['ab', 3]]);
    expect(trainBpe(pieces, { vocabSize: 1_000, special: [], minFrequency: 0 }).tokens.length).toBe(257);
    expect(trainBpe(pieces, { vocabSize: 1_000, special: [], minFrequency: 4 }).tokens.length).toBe(256);
    expect(() => trainBpe(pieces, { vocabSize: 256, special: ['<s>'], minFrequency: 0 })).toThrow(
      /at least 257 tokens/,
    );
  });

  it('refuses ids outside the vocabulary and merges that are not in it', () => {
    expect(() => bpe.decode([99_999])).toThrow(/Token id 99999 .* this vocabulary's 280/);
    const json = trained();
    const broken = { ...json, model: { ...json.model, merges: [['q', 'zzz']] } };
    expect(() => loadTokenizer({ json: broken })).toThrow(/Merge 0 \('q' and 'zzz'\)/);
    expect(() => loadTokenizer({ json: { ...json, pre_tokenizer: { type: 'Metaspace' } } })).toThrow(
      /pre_tokenizer 'Metaspace'/,
    );
  });
});

const token = (content: string, id: number, special = true) => ({ id, content, special });
const splitBy = (json: object, Regex: string) => ({
  ...json,
  pre_tokenizer: {
    type: 'Sequence',
    pretokenizers: [
      { type: 'Split', pattern: { Regex }, behavior: 'Isolated', invert: false },
      { type: 'ByteLevel', add_prefix_space: false, use_regex: false },
    ],
  },
});

describe('special and added tokens', () => {
  const json = trained(300, [END_OF_TEXT]);
  const withTokens = (added: readonly object[], model: object = {}) => ({
    ...json,
    added_tokens: [...json.added_tokens, ...added],
    model: { ...json.model, ...model },
  });
  it('stay out of reach when a single byte, a whole piece or a merge would spell them', () => {
    const z = json.model.vocab['z']!;
    expect(() => loadTokenizer({ json: withTokens([token('z', z)]) }).encode('z')).toThrow(
      /byte 0x7a .* no token for it/,
    );
    const whole = loadTokenizer({
      json: withTokens([token('zebra', 300)], { ignore_merges: true, vocab: { ...json.model.vocab, zebra: 300 } }),
    });
    expect([...whole.encode('zebra')]).not.toContain(300);
    expect([...whole.encode('zebra', { allowedSpecial: ['zebra'] })]).toEqual([300]);
    const [left, right] = (json.model.merges as [string, string][])[0]!;
    expect(() => loadTokenizer({ json: withTokens([token(left + right, json.model.vocab[left + right]!)]) })).toThrow(
      /none a special token/,
    );
  });
  it('that are no control tokens are found in any text', () => {
    const tokenizer = loadTokenizer({ json: withTokens([token('    ', 300, false)]) });
    expect([...tokenizer.encode('a    b')]).toContain(300);
    expect(tokenizer.decode(tokenizer.encode('a    b'))).toBe('a    b');
    expect([...tokenizer.special.keys()]).toEqual([END_OF_TEXT]);
    const peer = new Peer(JSON.parse(JSON.stringify(withTokens([token('    ', 300, false)]))), {
      tokenizer_class: 'PreTrainedTokenizer',
    });
    expect([...tokenizer.encode('the    cat     sat')]).toEqual(
      peer.encode('the    cat     sat', { add_special_tokens: false }).ids,
    );
  });
  it('refuses an id that two tokens have, and a pattern that JavaScript reads otherwise', () => {
    expect(() => loadTokenizer({ json: withTokens([], { vocab: { ...json.model.vocab, extra: 270 } }) })).toThrow(
      /second one, 'extra', for id 270/,
    );
    for (const pattern of [String.raw`\w+`, String.raw`\d`, '(?>a)'])
      expect(() => loadTokenizer({ json: splitBy(json, pattern) })).toThrow(/means the same in JavaScript/);
    expect(() => loadTokenizer({ json: splitBy(json, '(') })).toThrow(/JavaScript can run/);
  });
});

describe('a byte order mark', () => {
  it('is text, at the start too', () => {
    const text = '\uFEFFa\uFEFF';
    const stream = new StreamDecoder(bytes);
    for (const tokenizer of [bpe, bytes, loadTokenizer({ json: charactersJson(['a', '\uFEFF'], []) })])
      expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
    expect([...bytes.encode(text)].map((id) => stream.push(id)).join('')).toBe(text);
  });
});

describe('characters', () => {
  const json = charactersJson([...new Set('hello wörld🙂')].toSorted(), [END_OF_TEXT]);
  const tokenizer = loadTokenizer({ json });
  it('spells what it was made from, and names what it was not', () => {
    expect(tokenizer.decode(tokenizer.encode('wörld 🙂'))).toBe('wörld 🙂');
    expect(() => tokenizer.encode('hello x')).toThrow(/Character 'x' \(U\+0078\) at position 6/);
    expect(tokenizer.endOfText).toBe(0);
    expect([...tokenizer.encode('ll o')]).not.toContain(0);
    expect(() => tokenizer.encode(END_OF_TEXT)).toThrow(/Character '<'/);
    expect(() => loadTokenizer({ json: { ...json, model: { ...json.model, vocab: { word: 0 } } } })).toThrow(
      /tokens of one character, got 'word'/,
    );
  });
});

describe('StreamDecoder', () => {
  it('never shows half a character', () => {
    const stream = new StreamDecoder(bytes);
    const ids = [...bytes.encode('a🙂é')];
    expect(ids.map((id) => stream.push(id))).toEqual(['a', '', '', '', '🙂', '', 'é']);
    expect(stream.end()).toBe('');
    stream.push(bytes.encode('🙂')[0]!);
    expect(stream.end()).toBe('\uFFFD');
  });
});

describe('tokenizerValue', () => {
  it('has one digest for one content', () => {
    expect(tokenizerValue(trained()).digest).toBe(tokenizerValue(trained()).digest);
    expect(tokenizerValue(trained(285)).digest).not.toBe(tokenizerValue(trained()).digest);
    expect(tokenizerValue(trained()).vocabSize).toBe(280);
  });
});
