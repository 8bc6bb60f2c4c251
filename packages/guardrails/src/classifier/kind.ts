// The kind of a trained linear classifier: its weights as a blob of little-endian float32, the rest as JSON.
import { IngotError, kind, type Codec } from '@ingot/core';
import * as z from 'zod';
import type { Classifier } from './classifier.js';

const Meta = z.strictObject({ category: z.string(), bits: z.int(), bias: z.number(), threshold: z.number() });
const BLOB = 'weights.f32';

/** The blob `weights.f32` beside category, bits, bias and threshold, to the bit. Reading throws `bad-value` for another form. */
export const classifierCodec: Codec<Classifier> = {
  async write({ category, bits, bias, threshold, weights }, to) {
    const bytes = new DataView(new ArrayBuffer(4 * weights.length));
    weights.forEach((weight, at) => bytes.setFloat32(4 * at, weight, true));
    await to.put(BLOB, new Uint8Array(bytes.buffer));
    return { category, bits, bias, threshold };
  },
  async read(meta, from) {
    const parsed = Meta.safeParse(meta);
    if (!parsed.success || from.size(BLOB) !== 4 * 2 ** parsed.data.bits)
      throw new IngotError(
        'bad-value',
        `The stored classifier cannot be read: wanted category, bits, bias, threshold and 4 · 2^bits bytes of weights, got ${JSON.stringify(meta)} and ${from.size(BLOB)} bytes. Train it again.`,
      );
    const bytes = await from.read(BLOB);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const weights = Float32Array.from({ length: bytes.byteLength / 4 }, (_, at) => view.getFloat32(4 * at, true));
    return { ...parsed.data, weights };
  },
};

/** A trained linear classifier: what the stage `rail-classifier` makes, and the rail `classifier` judges by. */
export const RailClassifier = kind<Classifier>()('@ingot/guardrails/rail-classifier', { codec: classifierCodec });
