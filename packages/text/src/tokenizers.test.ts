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
const trained = (vocabSize = 280, special = [END_OF_TEXT, '<|im_start|>'], pattern: 'gpt2' | 'cl100k' | 'o200k' = 'gpt2') => {
  const pieces = new PieceCounts(pattern);
  pieces.add(corpus);
  const { tokens, merges } = trainBpe(pieces.counts, { vocabSize, special, minFrequency: 0 });
  return byteLevelJson(tokens, merges, special, pattern);
};
const bpe = loadTokenizer({ json: trained() });
const bytes = loadTokenizer({ json: byteLevelJson([END_OF_TEXT, ...[...BYTE_CHARACTERS].sort()], [], [END_OF_TEXT], 'gpt2') });

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
    for (let i = 0; i < 5_000; i++) {
      const text = randomText(random, 12);
      for (const tokenizer of [bpe, bytes]) if (tokenizer.decode(tokenizer.encode(text)) !== text) expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
    }
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
    expect(() => bpe.encode('a', { allowedSpecial: ['<|im_end|>'] })).toThrow(/does not have\. Known: <\|endoftext\|>, <\|im_start\|>/);
  });

  it.each(['gpt2', 'cl100k', 'o200k'] as const)('with the pattern %s gives the ids of @huggingface/tokenizers on our tokenizer.json', (pattern) => {
    const json = trained(400, [END_OF_TEXT], pattern);
    const ours = loadTokenizer({ json });
    const peer = new Peer(JSON.parse(JSON.stringify(json)), { tokenizer_class: 'PreTrainedTokenizer' });
    const random = randomNumbers(9);
    for (let i = 0; i < 1_000; i++) {
      const text = randomText(random, 16, /<\|endoftext\|>|[\u0085\uFEFF\u017F]/u); // as in published.test.ts
      const wanted = peer.encode(text, { add_special_tokens: false }).ids;
      const ids = [...ours.encode(text)];
      if (ids.join() !== wanted.join()) expect({ text, ids }).toEqual({ text, ids: wanted });
    }
  });

  it('merges the leftmost of equal pairs, as the paper does', () => {
    const json = byteLevelJson([...[...BYTE_CHARACTERS].sort(), 'aa'], [['a', 'a']], [], 'gpt2');
    expect([...loadTokenizer({ json }).encode('aaa')]).toEqual([256, json.model.vocab['a']]);
  });

  it('takes a piece of 200,000 characters in its stride', () => {
    expect(bpe.decode(bpe.encode('the'.repeat(66_667)))).toBe('the'.repeat(66_667));
  });

  it('ends early when there is nothing left to merge, and refuses a vocabulary below the bytes', () => {
    const pieces = new Map([['ab', 3]]);
    expect(trainBpe(pieces, { vocabSize: 1_000, special: [], minFrequency: 0 }).tokens.length).toBe(257);
    expect(trainBpe(pieces, { vocabSize: 1_000, special: [], minFrequency: 4 }).tokens.length).toBe(256);
    expect(() => trainBpe(pieces, { vocabSize: 256, special: ['<s>'], minFrequency: 0 })).toThrow(/at least 257 tokens/);
  });

  it('refuses ids outside the vocabulary and merges that are not in it', () => {
    expect(() => bpe.decode([99_999])).toThrow(/Token id 99999 .* this vocabulary's 280/);
    const json = trained();
    const broken = { ...json, model: { ...json.model, merges: [['q', 'zzz']] } };
    expect(() => loadTokenizer({ json: broken })).toThrow(/Merge 0 \('q' and 'zzz'\)/);
    expect(() => loadTokenizer({ json: { ...json, pre_tokenizer: { type: 'Metaspace' } } })).toThrow(/pre_tokenizer 'Metaspace'/);
  });
});

describe('characters', () => {
  const json = charactersJson([...new Set('hello wörld🙂')].sort(), [END_OF_TEXT]);
  const tokenizer = loadTokenizer({ json });
  it('spells what it was made from, and names what it was not', () => {
    expect(tokenizer.decode(tokenizer.encode('wörld 🙂'))).toBe('wörld 🙂');
    expect(() => tokenizer.encode('hello x')).toThrow(/Character 'x' \(U\+0078\) at position 6/);
    expect(tokenizer.endOfText).toBe(0);
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
