// A model is stored as model.safetensors beside its design and tokenizer; a tensor is read by its own range of bytes, when it is asked for.
// The adapter that was merged into it, where there is one, stands beside as adapter.safetensors.
// A packed tensor is several arrays of the file: its codes under its own name, the rest as '<tensor>.<part>'.
import { IngotError, suggest, type BlobReader, type Codec, type Json } from '@ingot/core';
import { openSafetensors, streamSafetensors, type SafetensorsFile, type TensorToWrite } from '@ingot/formats';
import * as z from 'zod';
import { readPart, readUnpacked, schemeOf } from '../packing/packings.js';
import { partsOf } from '../tensor-parts.js';
import type { ModelValue, TensorInfo } from '../values.js';
import { adapterCodec, AdapterMeta } from './adapter.js';
import { DesignMeta, readDesign, writeDesign } from './design.js';
import { readMeta } from './json-meta.js';

const Meta = z.strictObject({
  design: DesignMeta,
  packed: z
    .record(z.string(), z.strictObject({ scheme: z.string(), shape: z.array(z.int().nonnegative()) }))
    .optional(),
  adapter: AdapterMeta.optional(),
});
type PackedMeta = NonNullable<z.output<typeof Meta>['packed']>;
const BLOB = 'model.safetensors';

const opened = (from: BlobReader): Promise<SafetensorsFile> =>
  openSafetensors({
    size: from.size(BLOB),
    owned: true,
    read: (offset, length) => from.read(BLOB, offset, length),
    readInto: (offset, into) => from.readInto(BLOB, into, offset),
  });
/** The array of the file that holds a part. */
const storedName = (name: string, part: string): string => (part === 'codes' ? name : `${name}.${part}`);

/** The arrays of the file. Throws `bad-value` when a part of one tensor has the name of another. */
const arraysOf = (value: ModelValue): Map<string, TensorToWrite> => {
  const arrays = new Map<string, TensorToWrite>();
  const put = (stored: string, array: TensorToWrite): void => {
    if (arrays.has(stored))
      throw new IngotError('bad-value', `Two tensors of a model would be stored as '${stored}'. Rename one of them.`);
    arrays.set(stored, array);
  };
  for (const [name, info] of Object.entries(value.tensors)) {
    const parts = schemeOf(name, info)?.parts(info.shape);
    if (!parts) put(name, { shape: info.shape, data: () => partsOf(value, name) });
    else
      for (const [part, array] of Object.entries(parts))
        put(storedName(name, part), { ...array, data: () => readPart(value, name, part) });
  }
  return arrays;
};

/** Descriptions of all tensors by name. Throws `bad-value` for a plain one that is not F32, and for packed ones whose arrays are not there as their scheme wants them. */
const infoOf = (file: SafetensorsFile, packed: PackedMeta): Record<string, TensorInfo> => {
  const parts = new Set<string>();
  for (const [name, { scheme, shape }] of Object.entries(packed)) {
    const wanted = schemeOf(name, { shape, dtype: 'f32', packed: { scheme } })?.parts(shape) ?? {};
    for (const [part, array] of Object.entries(wanted)) {
      const stored = file.tensors.get(storedName(name, part));
      if (stored?.dtype !== array.dtype || stored.shape.join() !== array.shape.join())
        throw new IngotError(
          'bad-value',
          `Part '${part}' of the packed tensor '${name}' should be ${array.dtype} (${array.shape.join(', ')}), stored is ${stored ? `${stored.dtype} (${stored.shape.join(', ')})` : 'nothing'}.`,
        );
      parts.add(storedName(name, part));
    }
  }
  const infos = Object.entries(packed).map(([name, { scheme, shape }]): [string, TensorInfo] => [
    name,
    { shape, dtype: 'f32', packed: { scheme } },
  ]);
  for (const [name, { shape, dtype }] of file.tensors) {
    if (parts.has(name)) continue;
    if (dtype !== 'F32')
      throw new IngotError('bad-value', `Tensor '${name}' of a stored model is ${dtype}, wanted F32.`);
    infos.push([name, { shape, dtype: 'f32' }]);
  }
  return Object.fromEntries(infos);
};

/** Writes and reads one array at a time. */
export const modelCodec: Codec<ModelValue> = {
  async write(value, to) {
    await to.put(BLOB, streamSafetensors(arraysOf(value)));
    const packed = Object.entries(value.tensors).flatMap(([name, { shape, packed: how }]) =>
      how ? [[name, { scheme: how.scheme, shape: [...shape] }] as const] : [],
    );
    const design = await writeDesign(value.design, to);
    return {
      design,
      ...(packed.length > 0 && { packed: Object.fromEntries(packed) }),
      ...(value.adapter && { adapter: await adapterCodec.write(value.adapter, to) }),
    } as Json;
  },
  async read(meta, from) {
    const { design, packed = {}, adapter } = readMeta(Meta, meta, 'model');
    const file = await opened(from);
    const tensors = infoOf(file, packed);
    const known = (name: string): TensorInfo => {
      const info = Object.hasOwn(tensors, name) ? tensors[name] : undefined;
      if (!info)
        throw new IngotError(
          'unknown-name',
          `The model has no tensor '${name}'.${suggest(name, Object.keys(tensors))}`,
        );
      return info;
    };
    const value: ModelValue = {
      design: await readDesign(design, from),
      tensors,
      ...(adapter && { adapter: await adapterCodec.read(adapter, from) }),
      async read(name, part) {
        if (known(name).packed) return (await readUnpacked(value, name)) ?? file.float32(name);
        if (!part) return file.float32(name);
        await file.float32Into(name, part.into, part.start);
        return part.into;
      },
      readPacked: async (name, part) => {
        const info = known(name);
        const parts = schemeOf(name, info)?.parts(info.shape) ?? {};
        if (!Object.hasOwn(parts, part))
          throw new IngotError(
            'unknown-name',
            `Tensor '${name}' has no packed part '${part}'. ${info.packed ? `It has: ${Object.keys(parts).join(', ')}.` : 'It is not packed.'}`,
          );
        return file.bytes(storedName(name, part));
      },
    };
    return value;
  },
};
