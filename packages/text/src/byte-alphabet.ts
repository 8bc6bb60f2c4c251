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

const NO_BYTE = 0x100;
/** By character code; `NO_BYTE` outside the alphabet. */
const byteOf = new Uint16Array(0x200).fill(NO_BYTE);
BYTE_CHARACTERS.forEach((character, byte) => (byteOf[character.charCodeAt(0)] = byte));

/** Bytes as characters of the alphabet. */
export const toAlphabet = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += BYTE_CHARACTERS[byte]!;
  return text;
};

/** Writes characters of the alphabet as bytes to the front of `bytes`, which has room for them. False when one is not of the alphabet. */
export const spellAlphabet = (text: string, bytes: Uint8Array): boolean => {
  for (let i = 0; i < text.length; i++) {
    const byte = byteOf[text.charCodeAt(i)] ?? NO_BYTE;
    if (byte === NO_BYTE) return false;
    bytes[i] = byte;
  }
  return true;
};

/** Characters of the alphabet as bytes; undefined when one is not of the alphabet. */
export const fromAlphabet = (text: string): Uint8Array | undefined => {
  const bytes = new Uint8Array(text.length);
  return spellAlphabet(text, bytes) ? bytes : undefined;
};
