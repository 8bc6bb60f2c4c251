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

/** How conversations are spelt for a model: it travels with the model, and another one is refused. */
export interface ChatFormat {
  /** 'chatml', 'llama-3', …, or a name of the user's own. */
  readonly name: string;
  /** The chat template, in Jinja, as `chat_template` of tokenizer_config.json. */
  readonly template: string;
  /** The text of the control token that ends an assistant's turn, and generation. */
  readonly endOfTurn: string;
  /** The text of the control token that begins every conversation, where the model has one. */
  readonly beginOfText?: string;
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
  /** How conversations are spelt; a base model has none. */
  readonly chat?: ChatFormat;
}

export interface TensorInfo {
  readonly shape: readonly number[];
  /** What `read` gives. */
  readonly dtype: 'f32';
  /** How it is stored smaller than f32, where it is: a scheme of `packings`. Whoever changes the numbers leaves it out. */
  readonly packed?: { readonly scheme: string };
}
/** Elements of a stored tensor from `start` on, as many as `into` has: weights are loaded through one small array. */
export interface TensorPart {
  readonly start: number;
  readonly into: Float32Array;
}
/** Weights by name, read one at a time. */
export interface ModelValue {
  readonly design: DesignValue;
  readonly tensors: Readonly<Record<string, TensorInfo>>;
  /** As f32, whatever it is stored as. Where `part` is given, a model that can fills it and gives back its array; one that cannot gives all. */
  read(name: string, part?: TensorPart): Promise<Float32Array>;
  /** One stored array of a packed tensor, little-endian: its scheme says which parts there are. Models without packed tensors need none. */
  readPacked?(name: string, part: string): Promise<Uint8Array>;
  /** What was learnt over the model before this one, where it was an adapter: it is merged into the weights above. Whoever changes the numbers leaves it out. */
  readonly adapter?: AdapterValue;
}

/** A low-rank change of one linear layer: y += scale · B·A·x, scale = alpha / rank (rsLoRA: alpha / √rank). */
export interface AdapterLayer {
  readonly rank: number;
  readonly alpha: number;
}
export interface AdapterConfig {
  /** By the linear layer's name, such as `blocks.0.attention.qkv`. */
  readonly layers: Readonly<Record<string, AdapterLayer>>;
  /** Modules that learnt whole beside the layers, such as `norm`. */
  readonly saved: readonly string[];
  readonly rslora: boolean;
  readonly dora: boolean;
  /** Of what A reads, in training. */
  readonly dropout: number;
}
/** What was learnt over a model that stayed: tensors `<layer>.A` (rank, in), `<layer>.B` (out, rank), with DoRA `<layer>.magnitude` (out), and the saved modules' parameters by their own names. */
export interface AdapterValue {
  /** The family of the model that it belongs to. */
  readonly family: string;
  readonly config: AdapterConfig;
  readonly tensors: Readonly<Record<string, TensorInfo>>;
  read(name: string): Promise<Float32Array>;
}

/** One turn of a conversation. */
export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
  /** Weight of the turn's tokens in a supervised loss: 1 for the assistant's and 0 for the others unless said. */
  readonly weight?: number;
}
/** A text to go on from, or a conversation to answer. */
export type PromptValue = string | readonly Message[];

export interface CompletionValue {
  readonly text: string;
  /** Liked or not. */
  readonly label?: boolean;
  /** 0 is the best; equal ranks are ties. */
  readonly rank?: number;
  /** What a reward gave it. */
  readonly score?: number;
}
/** Rows of a prompt with none, one labelled, or two and more ranked completions (best first). */
export interface FeedbackRow {
  readonly prompt: PromptValue;
  readonly completions: readonly CompletionValue[];
  /** How much better the first is than the second, where somebody said so. */
  readonly margin?: number;
}

/** A conversation to learn from. */
export interface ChatExample {
  readonly messages: readonly Message[];
}
/** A text and how it goes on; only the completion is learnt unless asked otherwise. */
export interface CompletionExample {
  readonly prompt: string;
  readonly completion: string;
  readonly weight?: number;
}
/** A text of which every token is learnt. */
export interface TextExample {
  readonly text: string;
  readonly weight?: number;
}
export type ExampleRow = ChatExample | CompletionExample | TextExample;
/** Rows in a fixed order. */
export interface RowsValue<Row> {
  readonly rows: number;
  read(): AsyncIterable<Row>;
}

export interface SampleRow {
  /** As it was spelt; a conversation is shown as the model reads it. */
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

/** Log-probabilities of the completions of feedback under a model that stays as it is: row i belongs to row i of the feedback, with one number a completion. */
export interface ReferenceRow {
  /** Σ log π_ref over the tokens of each completion. */
  readonly logProbabilities: readonly number[];
  /** The same token by token, where a loss needs a part of them. */
  readonly tokens?: readonly (readonly number[])[];
}
/** The reference's log-probabilities as an artifact, so that many runs share one pass. */
export interface ReferenceScoresValue extends RowsValue<ReferenceRow> {
  /** What the numbers depend on beside the model: the longest sequence that was scored. */
  readonly maxTokens: number;
}
