// The contract of a tokenizer: text comes back as it went in, and never turns into a control token.
import { expect } from 'vitest';
import { registerChecks, type Check } from './check.js';
import { randomTexts, textsOf } from './random-text.js';

/** What the suite asks of a tokenizer. */
export interface TokenizerUnderTest {
  readonly vocabSize: number;
  readonly special: ReadonlyMap<string, number>;
  encode(text: string): Iterable<number>;
  decode(ids: Iterable<number>): string;
  /** UTF-8 bytes of one token. */
  bytes?(id: number): Uint8Array;
}
export interface TokenizerCase {
  readonly make: () => TokenizerUnderTest;
  /** For a tokenizer that cannot spell everything: the characters that it can. */
  readonly alphabet?: string;
  /** Random texts in the round trip; by default 500. */
  readonly texts?: number;
}
const KNOWN = [
  '',
  ' ',
  '\n',
  '\r\n',
  '  two  spaces ',
  "don't can't we'll",
  'tabs\tand\u00a0more',
  '12345 67',
  'naïve café',
  'e\u0301',
  '日本語',
  'مرحبا',
  '👩‍👩‍👧‍👦 🏳️‍🌈',
  '\u0000\u0001',
  '\ufeffbom',
  'a'.repeat(300),
];

const only = (alphabet: string | undefined, texts: readonly string[]): readonly string[] =>
  alphabet === undefined ? texts : texts.filter((text) => [...text].every((point) => alphabet.includes(point)));

/** The checks of a tokenizer; `tokenizerSuite` registers them. */
export const tokenizerChecks = ({ make, alphabet, texts = 500 }: TokenizerCase): readonly Check[] => {
  const all = () => [
    ...only(alphabet, KNOWN),
    ...(alphabet === undefined ? randomTexts(texts) : textsOf(alphabet, texts)),
  ];
  return [
    {
      name: 'round trip: decode(encode(text)) is the text',
      run: () => {
        const tokenizer = make();
        for (const text of all()) expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
      },
    },
    {
      name: 'ids are whole numbers below the size of the vocabulary',
      run: () => {
        const tokenizer = make();
        for (const text of all())
          for (const id of tokenizer.encode(text))
            expect(
              Number.isInteger(id) && id >= 0 && id < tokenizer.vocabSize,
              `id ${id} of ${JSON.stringify(text)}`,
            ).toBe(true);
      },
    },
    {
      name: 'no text becomes a special token',
      run: () => {
        const tokenizer = make();
        const ids = new Set(tokenizer.special.values());
        const attacks = [...tokenizer.special.keys()].flatMap((name) => [name, ` ${name}`, `a${name}b`, name + name]);
        for (const text of only(alphabet, [...all(), ...attacks]))
          expect(
            [...tokenizer.encode(text)].filter((id) => ids.has(id)),
            JSON.stringify(text),
          ).toEqual([]);
      },
    },
    {
      name: 'special ids are distinct and inside of the vocabulary',
      run: () => {
        const { special, vocabSize } = make();
        expect(new Set(special.values()).size).toBe(special.size);
        for (const [name, id] of special) expect(id >= 0 && id < vocabSize, name).toBe(true);
      },
    },
    {
      name: 'the bytes of the tokens are the bytes of the text',
      run: () => {
        const tokenizer = make();
        const bytes = tokenizer.bytes?.bind(tokenizer);
        if (bytes)
          for (const text of all())
            expect(
              Buffer.concat([...tokenizer.encode(text)].map(bytes)).equals(Buffer.from(text)),
              JSON.stringify(text),
            ).toBe(true);
      },
    },
    {
      name: 'two tokenizers made alike encode alike',
      run: () => {
        const [a, b] = [make(), make()];
        for (const text of all()) expect([...a.encode(text)]).toEqual([...b.encode(text)]);
      },
    },
  ];
};

/** Registers the contract of a tokenizer with vitest. */
export const tokenizerSuite = (name: string, tokenizerCase: TokenizerCase): void =>
  registerChecks(`tokenizer ${name}`, tokenizerChecks(tokenizerCase));
