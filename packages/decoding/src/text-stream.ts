// Tokens to text as they come: a character is shown when its last byte is there, a stop string never.
import { stopStrings } from './stop-strings.js';

/** The UTF-8 bytes of one token; a character may be cut over several tokens. */
export type TokenBytes = (id: number) => Uint8Array;

export interface TextStream {
  /** Takes a token; gives the text that may be shown now, and whether a stop string is complete. */
  push(id: number): { readonly text: string; readonly stopped: boolean };
  /** The held-back rest, with U+FFFD for a character that never became whole. A stop string may complete here too. */
  end(): { readonly text: string; readonly stopped: boolean };
}

/** Text of a stream of tokens; without `bytes` it is always empty. */
export function textStream(bytes: TokenBytes | undefined, stops: readonly string[]): TextStream {
  // Leading U+FEFF is text of the model's, not a mark of the encoding.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const watch = stopStrings(stops);
  return {
    push: (id) => watch.push(bytes ? decoder.decode(bytes(id), { stream: true }) : ''),
    end() {
      const last = watch.push(decoder.decode());
      return last.stopped ? last : { text: last.text + watch.flush(), stopped: false };
    },
  };
}
