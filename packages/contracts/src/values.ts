// The values behind the kinds: read-only handles to stored content. Reading is explicit, so that a large one is never loaded whole by accident.

/** Documents in a fixed order. */
export interface TextValue {
  readonly documents: number;
  /** UTF-8 bytes of all documents. */
  readonly bytes: number;
  read(): AsyncIterable<string>;
}

/** A tokenizer as its tokenizer.json; `@ingot/text` makes encoders and decoders of it. */
export interface TokenizerValue {
  /** The parsed tokenizer.json. */
  readonly json: unknown;
  readonly vocabSize: number;
  /** sha256 of the canonical JSON: models and tokens carry it. */
  readonly digest: string;
}

export type Split = 'train' | 'validation';
/** One split's token ids, documents joined. */
export interface TokenStream {
  readonly tokens: number;
  /** UTF-8 bytes of the text behind the ids, for bits per byte. */
  readonly bytes: number;
  readonly documents: number;
  /** ids[start … start + count). Throws when the range is not inside. Synchronous: shards are in memory or mapped. */
  read(start: number, count: number): Int32Array;
}
export interface TokensValue {
  readonly vocabSize: number;
  readonly tokenizer: string;
  readonly splits: Readonly<Record<Split, TokenStream>>;
}

/** What to build, without weights. Whoever trains or reloads finds the family by its name. */
export interface DesignValue {
  readonly family: string;
  readonly version: number;
  /** The family's own configuration, plain JSON. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly vocabSize: number;
  /** The longest sequence, in tokens. */
  readonly context: number;
  /** Digest of the tokenizer, and the tokenizer itself: a model folder carries it. */
  readonly tokenizer: TokenizerValue;
}

export interface TensorInfo {
  readonly shape: readonly number[];
  readonly dtype: 'f32';
}
/** Weights by name, read one at a time. */
export interface ModelValue {
  readonly design: DesignValue;
  readonly tensors: Readonly<Record<string, TensorInfo>>;
  read(name: string): Promise<Float32Array>;
}

/** Rows of a prompt with none, one labelled, or two and more ranked completions (best first). */
export interface FeedbackRow {
  readonly prompt: string;
  readonly completions: readonly { readonly text: string; readonly label?: boolean; readonly rank?: number }[];
}
export interface ExampleRow {
  readonly messages: readonly { readonly role: 'system' | 'user' | 'assistant'; readonly content: string }[];
}
/** Rows in a fixed order. */
export interface RowsValue<Row> {
  readonly rows: number;
  read(): AsyncIterable<Row>;
}

export interface SampleRow {
  readonly prompt: string;
  readonly text: string;
  readonly tokens: number;
  readonly ended: 'stop' | 'length' | 'context' | 'end-of-text';
}
export interface ReportRow {
  readonly name: string;
  readonly values: Readonly<Record<string, number | string>>;
}
/** A table of measures with the words that explain it. */
export interface ReportValue {
  readonly title: string;
  readonly rows: readonly ReportRow[];
  readonly notes: readonly string[];
}
