// A model is stored as model.safetensors beside its design and tokenizer; a tensor is read by its own range of bytes, when it is asked for.
import { IngotError, suggest, type BlobReader, type Codec, type Json } from '@ingot/core';
import { openSafetensors, streamSafetensors, type SafetensorsFile, type TensorToWrite } from '@ingot/formats';
import * as z from 'zod';
import type { ModelValue, TensorInfo } from '../values.js';
import { DesignMeta, readDesign, writeDesign } from './design.js';
import { readMeta } from './json-meta.js';

const Meta = z.strictObject({ design: DesignMeta });
const BLOB = 'model.safetensors';

const opened = (from: BlobReader): Promise<SafetensorsFile> =>
  openSafetensors({ size: from.size(BLOB), read: (offset, length) => from.read(BLOB, offset, length) });

/** Shapes of all tensors by name. Throws `bad-value` for one that is not F32. */
const infoOf = (file: SafetensorsFile): Record<string, TensorInfo> =>
  Object.fromEntries(
    [...file.tensors].map(([name, { shape, dtype }]) => {
      if (dtype !== 'F32')
        throw new IngotError('bad-value', `Tensor '${name}' of a stored model is ${dtype}, wanted F32.`);
      return [name, { shape, dtype: 'f32' }];
    }),
  );

/** Writes and reads one tensor at a time. */
export const modelCodec: Codec<ModelValue> = {
  async write(value, to) {
    const tensors = new Map<string, TensorToWrite>(
      Object.entries(value.tensors).map(([name, { shape }]) => [name, { shape, data: () => value.read(name) }]),
    );
    await to.put(BLOB, streamSafetensors(tensors));
    return { design: await writeDesign(value.design, to) } as Json;
  },
  async read(meta, from) {
    const file = await opened(from);
    const tensors = infoOf(file);
    return {
      design: await readDesign(readMeta(Meta, meta, 'model').design, from),
      tensors,
      read: async (name) => {
        if (!Object.hasOwn(tensors, name))
          throw new IngotError(
            'unknown-name',
            `The model has no tensor '${name}'.${suggest(name, Object.keys(tensors))}`,
          );
        return file.float32(name);
      },
    };
  },
};
