// Bits per byte do not depend on the tokenizer: one and the same distribution over bytes, spoken in characters, bytes or pairs, costs the same.
import { fakeDesign, fakeFamily } from '@ingot/contracts/fakes';
import type { OpenModel } from '@ingot/decoding';
import { ParameterTree, plainWeights, referenceDevice, tensor } from '@ingot/tensor';
import {
  BYTE_CHARACTERS,
  byteLevelJson,
  charactersJson,
  END_OF_TEXT,
  loadTokenizer,
  PieceCounts,
  tokenizerValue,
  trainBpe,
} from '@ingot/text';
import { expect, test } from 'vitest';
import { documentBits } from './bits-per-byte.js';
import { verdict } from './verdict.js';

const DOCUMENT = 'Näive whales, naïve whalers: 鯨 and 🐳; all of them swam. '.repeat(9);
const pieces = new PieceCounts('gpt2');
pieces.add(DOCUMENT);
const { tokens, merges } = trainBpe(pieces.counts, { vocabSize: 300, special: [END_OF_TEXT], minFrequency: 0 });
const tokenizers = {
  char: charactersJson([...new Set(DOCUMENT)].toSorted(), [END_OF_TEXT]),
  byte: byteLevelJson([END_OF_TEXT, ...[...BYTE_CHARACTERS].toSorted()], [], [END_OF_TEXT], 'gpt2'),
  bpe: byteLevelJson(tokens, merges, [END_OF_TEXT], 'gpt2'),
};

test.each(Object.entries(tokenizers))('uniform over bytes is 8 bits per byte: %s', async (_, json) => {
  const value = tokenizerValue(json);
  const tokenizer = loadTokenizer(value);
  const device = referenceDevice();
  const design = fakeDesign(value, 4);
  const plain = plainWeights(ParameterTree.create(device, fakeFamily.parameters(design)));
  // −ln p of a token is 8 bits for each of its bytes, whatever came before it.
  const losses = (targets: Iterable<number>): number[] =>
    [...targets].map((id) => (id < 0 ? 0 : 8 * Math.LN2 * tokenizer.bytes(id).length));
  const model: OpenModel = {
    device,
    family: fakeFamily,
    design,
    weights: { ...plain, crossEntropy: (__, ___, targets) => tensor(device, losses(targets.read()), targets.shape) },
  };
  const bytes = new TextEncoder().encode(DOCUMENT).length;
  expect((await documentBits(model, tokenizer, DOCUMENT)) / bytes).toBeCloseTo(8, 6); // fp32 losses
});

test('the verdict says plainly what wins', () => {
  expect(verdict(2, [{ name: 'gzip -9', bits: 3 }])).toEqual({
    text: 'The model needs 2.000 bits per byte: it beats gzip -9 (3.000).',
    loses: false,
  });
  expect(
    verdict(2.5, [
      { name: 'a', bits: 2.5 },
      { name: 'b', bits: 3 },
    ]),
  ).toEqual({
    text: 'The model needs 2.500 bits per byte: it beats b (3.000) and loses to a (2.500). Train it longer, or on more text, or make it larger.',
    loses: true,
  });
  expect(verdict(1, [])).toEqual({ text: 'The model needs 1.000 bits per byte.', loses: false });
});
