// UTF-8 to text. A leading U+FEFF is text like any other, not a mark of the encoding.

/** A decoder for a stream of bytes. */
export const utf8Decoder = (): TextDecoder => new TextDecoder('utf-8', { ignoreBOM: true });

/** The text of whole bytes; what is not UTF-8 becomes U+FFFD. */
export const decodeUtf8 = (bytes: Uint8Array): string => utf8Decoder().decode(bytes);
