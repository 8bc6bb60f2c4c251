// What every tokenizer can do, whatever its kind.

export interface EncodeOptions {
  /** Special tokens that this text may become: by default none, so user text never becomes a control token. */
  readonly allowedSpecial?: readonly string[] | 'all';
}

export interface Tokenizer {
  /** One more than the largest id. */
  readonly vocabSize: number;
  /** Special tokens and their ids. */
  readonly special: ReadonlyMap<string, number>;
  /** The id of `<|endoftext|>`, where there is one. */
  readonly endOfText: number | undefined;
  /** The ids of a text. A lone surrogate becomes U+FFFD, as in every UTF-8 encoder. Throws 'bad-input' for what the vocabulary cannot spell. */
  encode(text: string, options?: EncodeOptions): Int32Array;
  /** The UTF-8 bytes of one token; a special token's are those of its text. Throws 'bad-input' for an id outside the vocabulary. */
  bytes(id: number): Uint8Array;
  /** The text of ids; bytes that are not UTF-8 (a character cut in half) become U+FFFD. */
  decode(ids: Iterable<number>): string;
}

/** What stands between documents, and ends a text. */
export const END_OF_TEXT = '<|endoftext|>';
