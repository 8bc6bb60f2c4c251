// Small values of every kind, in memory: what tests feed to stages and suites.
import { canonical, digest } from '@ingot/core';
import type {
  DesignValue,
  ExampleRow,
  FeedbackRow,
  ModelValue,
  ReportValue,
  RowsValue,
  SampleRow,
  TextValue,
  TokenizerValue,
  TokensValue,
  TokenStream,
} from '../values.js';

/** Documents in their given order. */
export const fakeText = (
  documents: readonly string[] = ['Call me Ishmael.', 'Some years ago, never mind how long.'],
): TextValue => ({
  documents: documents.length,
  bytes: documents.reduce((sum, document) => sum + Buffer.byteLength(document), 0),
  async *read() {
    yield* documents;
  },
});

/** A tokenizer whose ids are UTF-8 bytes; anything above 256 in `vocabSize` is never used. */
export const fakeTokenizer = (vocabSize = 256): TokenizerValue => {
  const json = { version: '1.0', model: { type: 'FakeBytes', vocabSize } };
  return { json, vocabSize, digest: digest(canonical(json, 'the fake tokenizer')) };
};

/** A stream over ids. Throws RangeError for a range that is not inside. */
export const fakeStream = (ids: readonly number[], bytes: number = ids.length, documents = 1): TokenStream => ({
  tokens: ids.length,
  bytes,
  documents,
  read: (start, count) => {
    if (start < 0 || count < 0 || start + count > ids.length)
      throw new RangeError(`Tokens ${start} to ${start + count} of ${ids.length} were asked for.`);
    return Int32Array.from(ids.slice(start, start + count));
  },
});

/** The bytes of a text as ids, the last eighth for validation. */
export const fakeTokens = (
  content = 'It was the best of times, it was the worst of times.',
  tokenizer = fakeTokenizer(),
): TokensValue => {
  const ids = [...Buffer.from(content)];
  const cut = Math.ceil((ids.length * 7) / 8);
  return {
    vocabSize: tokenizer.vocabSize,
    tokenizer: tokenizer.digest,
    splits: { train: fakeStream(ids.slice(0, cut)), validation: fakeStream(ids.slice(cut)) },
  };
};

/** A design of the family `fake`. */
export const fakeDesign = (tokenizer = fakeTokenizer(), width = 4): DesignValue => ({
  family: 'fake',
  version: 1,
  config: { width },
  vocabSize: tokenizer.vocabSize,
  context: 32,
  tokenizer,
});

/** A model over arrays in memory; the numbers follow a fixed pattern around `scale`. */
export const fakeModel = (
  design = fakeDesign(),
  shapes: Readonly<Record<string, readonly number[]>> = { 'wte.weight': [design.vocabSize, 4] },
  scale = 0.02,
): ModelValue => ({
  design,
  tensors: Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, { shape, dtype: 'f32' as const }])),
  read: async (name) => {
    const shape = shapes[name];
    if (!shape) throw new RangeError(`The fake model has no tensor '${name}'.`);
    return Float32Array.from(
      { length: shape.reduce((product, size) => product * size, 1) },
      (_, i) => scale * Math.sin(1 + 2.3 * i + name.length),
    );
  },
});

/** Rows in memory. */
export const fakeRows = <Row>(rows: readonly Row[]): RowsValue<Row> => ({
  rows: rows.length,
  async *read() {
    yield* rows;
  },
});
/** Two prompts with a better and a worse completion each. */
export const fakePairs = (): RowsValue<FeedbackRow> =>
  fakeRows([
    {
      prompt: 'Hello',
      completions: [
        { text: 'Hello!', rank: 0, label: true },
        { text: 'Go away.', rank: 1, label: false },
      ],
    },
    {
      prompt: 'Two and two?',
      completions: [
        { text: 'Four.', rank: 0, label: true },
        { text: 'Five.', rank: 1, label: false },
      ],
    },
  ]);
/** One short conversation. */
export const fakeExamples = (): RowsValue<ExampleRow> =>
  fakeRows([
    {
      messages: [
        { role: 'user', content: 'Hello' },
        { role: 'assistant', content: 'Hello!' },
      ],
    },
  ]);
/** One sample. */
export const fakeSamples = (text = 'once upon a time'): RowsValue<SampleRow> =>
  fakeRows([{ prompt: '', text, tokens: text.length, ended: 'length' as const }]);
/** A table of one row. */
export const fakeReport = (
  values: Readonly<Record<string, number | string>> = { 'bits per byte': 2.5 },
): ReportValue => ({ title: 'A fake report', rows: [{ name: 'fake', values }], notes: [] });
