// Text from ids as they come: half a character waits for its other half.
import { utf8Decoder } from './utf8.js';
import type { Tokenizer } from './tokenizer.js';

/** Gives for each id the text that is certain by now, and at the end what is left (a cut character as U+FFFD). */
export class StreamDecoder {
  readonly #decoder = utf8Decoder();
  readonly #tokenizer: Pick<Tokenizer, 'bytes'>;
  constructor(tokenizer: Pick<Tokenizer, 'bytes'>) {
    this.#tokenizer = tokenizer;
  }
  /** Whole characters that this id completes; often ''. */
  push(id: number): string {
    return this.#decoder.decode(this.#tokenizer.bytes(id), { stream: true });
  }
  /** What was still waiting. */
  end(): string {
    return this.#decoder.decode();
  }
}
