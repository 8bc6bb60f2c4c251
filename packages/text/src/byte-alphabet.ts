// GPT-2's reversible map from bytes to printable characters (Radford et al. 2019, encoder.py `bytes_to_unicode`):
// printable Latin-1 stands for itself, the other 68 bytes for U+0100 onwards, so that a vocabulary of byte strings is readable JSON.

const isPrintable = (byte: number): boolean =>
  (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);

const makeAlphabet = (): string[] => {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : next++));
};

/** The character of each byte. */
export const BYTE_CHARACTERS: readonly string[] = makeAlphabet();

const byteOf: ReadonlyMap<string, number> = new Map(BYTE_CHARACTERS.map((character, byte) => [character, byte]));

/** Bytes as characters of the alphabet. */
export const toAlphabet = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += BYTE_CHARACTERS[byte]!;
  return text;
};

/** Characters of the alphabet as bytes; undefined when one is not of the alphabet. */
export const fromAlphabet = (text: string): Uint8Array | undefined => {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const byte = byteOf.get(text[i]!);
    if (byte === undefined) return undefined;
    bytes[i] = byte;
  }
  return bytes;
};
