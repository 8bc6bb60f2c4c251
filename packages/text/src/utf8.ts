// UTF-8 to text and back. A leading U+FEFF is text like any other, not a mark of the encoding.

/** A decoder for a stream of bytes. */
export const utf8Decoder = (): TextDecoder => new TextDecoder('utf-8', { ignoreBOM: true });

/** The text of whole bytes; what is not UTF-8 becomes U+FFFD. */
export const decodeUtf8 = (bytes: Uint8Array): string => utf8Decoder().decode(bytes);

const encoder = new TextEncoder();

/** Writes the UTF-8 of text[from, end) to the front of `bytes`, which has room for three bytes a code unit. Returns how many it wrote. */
export const writeUtf8 = (text: string, from: number, end: number, bytes: Uint8Array): number => {
  for (let i = from; i < end; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) return encoder.encodeInto(text.slice(from, end), bytes).written;
    bytes[i - from] = unit;
  }
  return end - from;
};
