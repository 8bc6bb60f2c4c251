// The codecs of contracts keep their contract; a codec that loses something is found.
import {
  Adapter,
  type AdapterValue,
  Design,
  Examples,
  Model,
  type ModelValue,
  Prompts,
  Samples,
  Text,
  Tokenizer,
  Tokens,
  type TextValue,
} from '@ingot/contracts';
import {
  fakeDesign,
  fakeExamples,
  fakeModel,
  fakePairs,
  fakeRows,
  fakeSamples,
  fakeStream,
  fakeText,
  fakeTokenizer,
  fakeTokens,
} from '@ingot/contracts/fakes';
import type { Codec, Kind, ValueOf } from '@ingot/core';
import { expect, test } from 'vitest';
import { codecChecks, codecSuite, failingChecks } from './index.js';

const codecOf = <K extends Kind<never, unknown>>(kind: K): Codec<ValueOf<K>> => kind.codec as Codec<ValueOf<K>>;

codecSuite('text', {
  codec: codecOf(Text),
  values: {
    small: () => fakeText(),
    empty: () => fakeText([]),
    'empty documents': () => fakeText(['', 'a', '', '']),
    'every plane and a BOM': () => fakeText(['\ufeffnaïve', '日本語\u0000', '👩‍👩‍👧‍👦', '\r\n']),
    'over a window': () => fakeText(Array.from({ length: 30 }, (_, i) => `${i} é`.repeat(20_000))),
  },
  refused: { 'half of a surrogate pair': () => fakeText(['fine', 'bad \ud83d']) },
});
codecSuite('tokenizer', {
  codec: codecOf(Tokenizer),
  values: {
    small: () => fakeTokenizer(),
    'a nasty vocabulary': () => ({
      json: { model: { vocab: { '"': 0, '\\': 1, '\u2028': 2 } } },
      vocabSize: 3,
      digest: 'x',
    }),
  },
});
codecSuite('tokens', {
  codec: codecOf(Tokens),
  values: {
    small: () => fakeTokens(),
    'an empty validation split': () => ({
      ...fakeTokens(),
      splits: { train: fakeStream([1, 2, 3]), validation: fakeStream([]) },
    }),
    'the largest u16': () => ({
      vocabSize: 65_536,
      tokenizer: 't',
      splits: { train: fakeStream([0, 65_535]), validation: fakeStream([1]) },
    }),
    'u32 above it': () => ({
      vocabSize: 65_537,
      tokenizer: 't',
      splits: { train: fakeStream([0, 65_536]), validation: fakeStream([1]) },
    }),
  },
  refused: {
    'an id outside of the vocabulary': () => ({
      vocabSize: 2,
      tokenizer: 't',
      splits: { train: fakeStream([2]), validation: fakeStream([]) },
    }),
    'a negative id': () => ({
      vocabSize: 2,
      tokenizer: 't',
      splits: { train: fakeStream([-1]), validation: fakeStream([]) },
    }),
  },
});
codecSuite('design', {
  codec: codecOf(Design),
  values: { small: () => fakeDesign() },
  refused: { 'NaN in its config': () => ({ ...fakeDesign(), config: { width: Number.NaN } }) },
});
/** Codes 1 … 6 in two rows, with scales of 0.5 and 2. */
const packedModel = (name: string, scheme = 'int8-row', plain = 'plain'): ModelValue => {
  const parts = new Map([
    ['codes', Uint8Array.of(1, 2, 3, 4, 5, 250)],
    ['scale', new Uint8Array(Float32Array.of(0.5, 2).buffer)],
  ]);
  return {
    design: fakeDesign(),
    tensors: { [name]: { shape: [2, 3], dtype: 'f32', packed: { scheme } }, [plain]: { shape: [1], dtype: 'f32' } },
    read: async (which) => (which === name ? Float32Array.of(0.5, 1, 1.5, 8, 10, -12) : Float32Array.of(7)),
    readPacked: async (_, part) => parts.get(part) ?? new Uint8Array(),
  };
};
/** One layer of rank 2 and a module that learnt whole. */
const adapterOf = (layers: AdapterValue['config']['layers'], numbers: readonly number[]): AdapterValue => ({
  family: 'fake',
  config: { layers, saved: ['norm'], rslora: true, dora: false, dropout: 0.1 },
  tensors: {
    'up.A': { shape: [2, 1], dtype: 'f32' },
    'up.B': { shape: [1, 2], dtype: 'f32' },
    'norm.weight': { shape: [2], dtype: 'f32' },
  },
  read: async (name) => Float32Array.from(numbers, (x) => x * name.length),
});
codecSuite('model', {
  codec: codecOf(Model),
  values: {
    small: () => fakeModel(),
    'several tensors, one of a single number': () =>
      fakeModel(fakeDesign(), { b: [3, 5], a: [1], 'c.weight': [2, 2, 2] }),
    'numbers that JSON cannot hold': () => ({
      ...fakeModel(fakeDesign(), { a: [4] }),
      read: async () => Float32Array.of(NaN, Infinity, -0, 1e-45),
    }),
    'a packed matrix beside a plain one': () => packedModel('a'),
    'with the adapter that was merged into it': () => ({
      ...fakeModel(),
      adapter: adapterOf({ up: { rank: 2, alpha: 4 } }, [1, 2]),
    }),
  },
  refused: {
    'a packing that nobody knows': () => packedModel('a', 'int3'),
    'a part with the name of another tensor': () => packedModel('b', 'int8-row', 'b.scale'),
  },
});
codecSuite('adapter', {
  codec: codecOf(Adapter),
  values: {
    small: () => adapterOf({ up: { rank: 2, alpha: 3.5 } }, [1, -0]),
    'no layer, numbers that JSON cannot hold': () => adapterOf({}, [NaN, Infinity]),
  },
});
codecSuite('feedback', { codec: codecOf(Prompts), values: { pairs: () => fakePairs(), none: () => fakeRows([]) } });
codecSuite('examples', {
  codec: codecOf(Examples),
  values: {
    small: () => fakeExamples(),
    'line separators': () => fakeRows([{ messages: [{ role: 'user' as const, content: 'a\nb\u2028c é' }] }]),
  },
});
codecSuite('samples', {
  codec: codecOf(Samples),
  values: { small: () => fakeSamples() },
  refused: {
    NaN: () => fakeRows([{ prompt: '', text: '', tokens: Number.NaN, ended: 'length' as const }]),
    'a wrong count': () => ({ ...fakeSamples(), rows: 2 }),
  },
});

test('planted: a codec that joins documents with a newline is found', async () => {
  const joining: Codec<TextValue> = {
    write: async (value, to) => {
      const documents: string[] = [];
      for await (const document of value.read()) documents.push(document);
      await to.put('text', new TextEncoder().encode(documents.join('\n')));
      return { documents: value.documents, bytes: value.bytes };
    },
    read: async (meta, from) => ({
      ...(meta as { documents: number; bytes: number }),
      read: async function* () {
        yield* new TextDecoder().decode(await from.read('text')).split('\n');
      },
    }),
  };
  expect(
    await failingChecks(
      codecChecks({ codec: joining, values: { plain: () => fakeText(['a', 'b']), lines: () => fakeText(['a\nb']) } }),
    ),
  ).toEqual(['lines: reads back what was written']);
});
test('planted: a codec that accepts what it cannot hold is found', async () => {
  const deaf: Codec<number> = { write: async (value) => value, read: async (meta) => meta as number };
  expect(
    await failingChecks(
      codecChecks({ codec: deaf, values: { one: () => 1, nan: () => NaN }, refused: { infinite: () => Infinity } }),
    ),
  ).toEqual([
    'nan: reads back what was written',
    'nan: the description is plain JSON',
    'infinite: is refused with a code',
  ]);
});
