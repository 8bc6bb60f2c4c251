// An adapter is stored as adapter.safetensors beside what it does to which layer; a tensor is read when it is asked for.
import { IngotError, suggest, type Codec } from '@ingot/core';
import { openSafetensors, streamSafetensors, type TensorToWrite } from '@ingot/formats';
import * as z from 'zod';
import type { AdapterValue, TensorInfo } from '../values.js';
import { readMeta } from './json-meta.js';

export const AdapterMeta = z.strictObject({
  family: z.string(),
  config: z.strictObject({
    layers: z.record(z.string(), z.strictObject({ rank: z.int().positive(), alpha: z.number() })),
    saved: z.array(z.string()),
    rslora: z.boolean(),
    dora: z.boolean(),
    dropout: z.number(),
  }),
});
const BLOB = 'adapter.safetensors';

/** Writes and reads one tensor at a time. Reading throws `bad-value` for tensors that are not F32, `unknown-name` for a tensor it lacks. */
export const adapterCodec: Codec<AdapterValue> = {
  async write({ family, config, tensors, read }, to) {
    const all = new Map<string, TensorToWrite>(
      Object.entries(tensors).map(([name, { shape }]) => [name, { shape, data: () => read(name) }]),
    );
    await to.put(BLOB, streamSafetensors(all));
    const layers = Object.fromEntries(
      Object.entries(config.layers).map(([name, { rank, alpha }]) => [name, { rank, alpha }]),
    );
    return { family, config: { ...config, layers, saved: [...config.saved] } };
  },
  async read(meta, from) {
    const { family, config } = readMeta(AdapterMeta, meta, 'adapter');
    const file = await openSafetensors({
      size: from.size(BLOB),
      read: (offset, length) => from.read(BLOB, offset, length),
    });
    const tensors: Record<string, TensorInfo> = {};
    for (const [name, { shape, dtype }] of file.tensors) {
      if (dtype !== 'F32')
        throw new IngotError('bad-value', `Tensor '${name}' of a stored adapter is ${dtype}, wanted F32.`);
      tensors[name] = { shape, dtype: 'f32' };
    }
    return {
      family,
      config,
      tensors,
      read: async (name) => {
        if (!Object.hasOwn(tensors, name))
          throw new IngotError(
            'unknown-name',
            `The adapter has no tensor '${name}'.${suggest(name, Object.keys(tensors))}`,
          );
        return file.float32(name);
      },
    };
  },
};
