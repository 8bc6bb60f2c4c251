// A byte tokenizer keeps the contract; tokenizers that lose, leak or overflow are found.
import { expect, test } from 'vitest';
import { failingChecks, tokenizerChecks, tokenizerSuite, type TokenizerUnderTest } from './index.js';

const bytes = (): TokenizerUnderTest => ({
  vocabSize: 257,
  special: new Map([['<|endoftext|>', 256]]),
  encode: (text) => [...Buffer.from(text)],
  decode: (ids) => Buffer.from([...ids]).toString('utf8'),
  bytes: (id) => Uint8Array.of(id),
});
tokenizerSuite('bytes', { make: bytes });
tokenizerSuite('digits', { make: () => ({ ...bytes(), special: new Map() }), alphabet: '0123456789' });

const planted: Readonly<Record<string, readonly [Partial<TokenizerUnderTest>, string]>> = {
  'trims spaces': [{ encode: (text) => [...Buffer.from(text.trim())] }, 'round trip: decode(encode(text)) is the text'],
  normalises: [
    { encode: (text) => [...Buffer.from(text.normalize('NFC'))] },
    'round trip: decode(encode(text)) is the text',
  ],
  'understates its vocabulary': [{ vocabSize: 100 }, 'ids are whole numbers below the size of the vocabulary'],
  'turns text into a control token': [
    { encode: (text) => (text.includes('<|endoftext|>') ? [256] : [...Buffer.from(text)]) },
    'no text becomes a special token',
  ],
  'has two special tokens of one id': [
    {
      special: new Map([
        ['a', 256],
        ['b', 256],
      ]),
    },
    'special ids are distinct and inside of the vocabulary',
  ],
  'gives wrong bytes': [{ bytes: (id) => Uint8Array.of(id ^ 1) }, 'the bytes of the tokens are the bytes of the text'],
};
test.for(Object.entries(planted))('planted: one that %s', async ([, [fault, wanted]]) => {
  expect(await failingChecks(tokenizerChecks({ make: () => ({ ...bytes(), ...fault }), texts: 50 }))).toContain(wanted);
});
test('planted: one that depends on how often it was made', async () => {
  let made = 0;
  const make = () => {
    const shift = made++ % 2;
    return { ...bytes(), encode: (text: string) => [...Buffer.from(text)].map((byte) => byte ^ shift) };
  };
  expect(await failingChecks(tokenizerChecks({ make, texts: 20 }))).toContain('two tokenizers made alike encode alike');
});
