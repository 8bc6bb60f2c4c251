// The baselines beside bits per byte: a byte n-gram of the training text, and gzip.
import type { TextValue } from '@ingot/contracts';
import { gzipBitsPerByte } from './gzip.js';
import { ByteNgram } from './n-gram.js';
import { documentsOf } from './tasks/parts.js';

/** A row of the table of baselines. */
export type Baseline = { readonly name: string; readonly 'bits per byte': number };

const bytesOf = (documents: readonly string[]): Uint8Array[] =>
  documents.map((document) => Buffer.from(document, 'utf8'));

/** Bits per byte of the held-out documents: of an n-gram of the training text where there is one, and of gzip -9. `breathe` is called after each document. */
export async function baselines(
  held: readonly string[],
  {
    order,
    train,
    breathe,
  }: { readonly order: number; readonly train?: TextValue | undefined; readonly breathe: () => Promise<void> },
): Promise<Baseline[]> {
  const heldBytes = bytesOf(held);
  const zipped = { name: 'gzip -9', 'bits per byte': gzipBitsPerByte(heldBytes) };
  if (!train) return [zipped];
  const bytes = heldBytes.reduce((sum, document) => sum + document.length, 0);
  const model = new ByteNgram(order);
  for (const document of bytesOf(await documentsOf(train))) {
    model.train(document);
    await breathe();
  }
  let bits = 0;
  for (const document of heldBytes) {
    bits += model.bits(document);
    await breathe();
  }
  return [{ name: `byte ${order}-gram with back-off`, 'bits per byte': bits / bytes }, zipped];
}
