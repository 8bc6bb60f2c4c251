// Bytes of a file as text, or a clear refusal: binary, not UTF-8, empty.
import { inputError } from './input-error.js';

const BYTE_ORDER_MARK = '\uFEFF';

/**
 * The text of a file's bytes, without a byte order mark.
 * Throws 'bad-input' for an empty file, for one with NUL bytes (binary), and for one that is not UTF-8, naming the first bad byte.
 */
export const decodeFile = (bytes: Uint8Array, path: string): string => {
  if (bytes.length === 0)
    throw inputError(path, 'text', 'an empty file', 'Give a file with text in it, or leave this one out.');
  const zero = bytes.indexOf(0);
  if (zero >= 0)
    throw inputError(
      path,
      'UTF-8 text',
      `a binary file (a NUL byte at offset ${zero})`,
      'Convert it to plain text first, or exclude it.',
    );
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const offset = firstInvalid(bytes);
    throw inputError(
      path,
      'UTF-8 text',
      `a byte 0x${bytes[offset]!.toString(16)} that is not UTF-8 at offset ${offset}`,
      'Convert it, for example with iconv -t UTF-8.',
    );
  }
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
};

/** Where the first invalid sequence begins: the longest prefix that could still go on, less its unfinished last character. */
const firstInvalid = (bytes: Uint8Array): number => {
  const decodes = (length: number, stream: boolean): boolean => {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length), { stream });
      return true;
    } catch {
      return false;
    }
  };
  let good = 0;
  let bad = bytes.length + 1; // the whole may only lack its last character's end
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    if (decodes(middle, true)) good = middle;
    else bad = middle;
  }
  while (!decodes(good, false)) good--;
  return good;
};
