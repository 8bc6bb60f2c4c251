// Tokens by spelling and by id: as a map would have them, and ids that would fill the memory are refused.
import { describe, expect, it } from 'vitest';
import { BYTE_CHARACTERS, fromAlphabet } from './byte-alphabet.js';
import { Characters } from './characters.js';
import { loadTokenizer } from './load-tokenizer.js';
import { randomNumbers } from './random-text.fixture.js';
import { ABSENT, TokenIndex } from './token-index.js';
import { byteLevelJson } from './write-tokenizer.js';

describe('TokenIndex', () => {
  const random = randomNumbers(31);
  const word = () =>
    Array.from({ length: 1 + Math.floor(random() * 5) }, () => 'abĠ日'[Math.floor(random() * 4)]!).join('');
  const vocab = new Map(Array.from({ length: 600 }, (_, i) => [word(), 1000 + i]));
  const index = new TokenIndex([...vocab.keys()], [...vocab.values()]);
  const idAt = (token: number) => (token === ABSENT ? undefined : index.ids[token]);

  it('has what was put there and nothing else', () => {
    for (const [token, id] of vocab) expect(idAt(index.get(token))).toBe(id);
    for (let i = 0; i < 5_000; i++) {
      const token = word();
      expect(idAt(index.get(token))).toBe(vocab.get(token));
    }
    expect(index.get('')).toBe(ABSENT);
    expect(new TokenIndex([], []).get('a')).toBe(ABSENT);
  });

  it('finds a token by its bytes', () => {
    for (const token of [...vocab.keys()].filter((one) => !one.includes('日'))) {
      const bytes = fromAlphabet(token)!;
      expect(idAt(index.ofBytes(Uint8Array.of(...bytes, 1, 2), bytes.length))).toBe(vocab.get(token));
    }
    expect(index.ofBytes(Uint8Array.of(0x63), 1)).toBe(ABSENT);
  });

  it('finds the join of any two tokens', () => {
    let found = 0;
    const tokens = [...vocab.keys()];
    for (const left of tokens.slice(0, 150))
      for (const right of tokens) {
        const joined = idAt(index.join(index.get(left), index.get(right)));
        expect(joined).toBe(vocab.get(left + right));
        if (joined !== undefined) found++;
      }
    expect(found).toBeGreaterThan(100);
  });

  it('of a spelling that is there twice the last id counts', () => {
    const twice = new TokenIndex(['a', 'b', 'a'], [1, 2, 3]);
    expect(twice.ids[twice.get('a')]).toBe(3);
  });
});

describe('ids', () => {
  it('that no vocabulary has are refused', () => {
    const json = byteLevelJson(BYTE_CHARACTERS, [], [], 'gpt2');
    const vocab = { ...json.model.vocab, huge: 2 ** 24 };
    expect(() => loadTokenizer({ json: { ...json, model: { ...json.model, vocab } } })).toThrow(
      /ids from 0 to 16777215, got 16777216/,
    );
    expect(() => new Characters(new Map([['a', -1]]), new Map())).toThrow(/got -1/);
  });
  it('may have holes between them', () => {
    const tokenizer = new Characters(new Map([['a', 2]]), new Map([['<s>', 9_000_000]]));
    expect(tokenizer.vocabSize).toBe(9_000_001);
    expect(tokenizer.decode([2, 9_000_000, 2])).toBe('a<s>a');
    expect(() => tokenizer.decode([3])).toThrow(/Token id 3 .* this vocabulary's 9000001/);
    expect(() => tokenizer.bytes(1.5)).toThrow(/Token id 1.5/);
  });
  it('bytes of a token are a copy', () => {
    const tokenizer = new Characters(new Map([['a', 0]]), new Map());
    tokenizer.bytes(0)[0] = 0;
    expect(tokenizer.decode([0])).toBe('a');
  });
});
