// An example as runs of tokens of one weight, for eyes: what is learnt, and what is only read.
import type { ExampleRow } from '@ingot/contracts';
import { decodeUtf8 } from '../utf8.js';
import { encodeExample } from './encode.js';
import type { ChatEncoder } from './encoder.js';

/** Text of equal weight. */
export interface MaskRun {
  readonly text: string;
  readonly weight: number;
}

/** How many bytes at the end belong to a character that is not whole yet. */
const unfinished = (bytes: readonly number[]): number => {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const wanted = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return wanted > back ? wanted - back : 0;
  }
  return 0;
};

/** Runs of tokens with their weights; a character that two runs share stays whole in the first. Bytes that are no UTF-8 become U+FFFD. */
export const maskRuns = (
  tokens: Iterable<{ readonly bytes: Uint8Array; readonly weight: number }>,
): readonly MaskRun[] => {
  const runs: { bytes: number[]; weight: number }[] = [];
  for (const { bytes, weight } of tokens) {
    const last = runs.at(-1);
    if (last?.weight === weight) {
      last.bytes.push(...bytes);
      continue;
    }
    let borrowed = 0;
    if (last)
      for (let missing = unfinished(last.bytes); missing > 0 && (bytes[borrowed]! & 0xc0) === 0x80; missing--)
        last.bytes.push(bytes[borrowed++]!);
    if (borrowed < bytes.length) runs.push({ bytes: [...bytes.subarray(borrowed)], weight });
  }
  return runs.map(({ bytes, weight }) => ({ text: decodeUtf8(Uint8Array.from(bytes)), weight }));
};

/** The runs of an example as `encodeExample` makes it. Throws as that does. */
export const showMask = (
  encoder: ChatEncoder,
  row: ExampleRow,
  how: { readonly maxTokens: number },
): readonly MaskRun[] => {
  const { ids, weights } = encodeExample(encoder, row, how);
  return maskRuns(Array.from(ids, (id, at) => ({ bytes: encoder.tokenizer.bytes(id), weight: weights[at]! })));
};
