// The packing schemes by name, and reading a packed tensor of a model.
import { IngotError } from '@ingot/core';
import { type PackedMatrix, unpackMatrix } from '@ingot/tensor';
import type { ModelValue, TensorInfo } from '../values.js';
import { int8Row } from './int8-row.js';
import type { Packing } from './packing.js';

/** Every scheme that a stored model may name. */
export const packings = { 'int8-row': int8Row } satisfies Readonly<Record<string, Packing>>;
export type PackingScheme = keyof typeof packings;
/** The scheme of this name; undefined for one that is not known. */
export const packingOf = (name: string): Packing | undefined =>
  Object.hasOwn(packings, name) ? packings[name as PackingScheme] : undefined;

/** The scheme of a tensor, checked: throws `bad-value` for one that is not known, or a shape that is no matrix. */
export const schemeOf = (name: string, { packed, shape }: TensorInfo): Packing | undefined => {
  if (packed === undefined) return undefined;
  const found = packingOf(packed.scheme);
  if (!found)
    throw new IngotError(
      'bad-value',
      `Tensor '${name}' is packed as '${packed.scheme}', which is not known here. Known: ${Object.keys(packings).join(', ')}. Was it made by a newer Ingot?`,
    );
  if (shape.length !== 2)
    throw new IngotError('bad-value', `Tensor '${name}' is packed, wanted a matrix, got (${shape.join(', ')}).`);
  return found;
};

/** A packed tensor of a model as it is held while it is computed with; undefined for a tensor that is not packed. Throws `bad-value` for bytes that do not fit its shape. */
export const openPacked = async (model: ModelValue, name: string): Promise<PackedMatrix | undefined> => {
  const info = model.tensors[name];
  const scheme = info && schemeOf(name, info);
  if (!info || !scheme) return undefined;
  const parts: Record<string, Uint8Array> = {};
  for (const [part, { dtype, shape }] of Object.entries(scheme.parts(info.shape))) {
    const bytes = await readPart(model, name, part);
    const wanted = shape.reduce((product, size) => product * size, dtype === 'F32' ? 4 : 1);
    if (bytes.byteLength !== wanted)
      throw new IngotError(
        'bad-value',
        `Part '${part}' of the packed tensor '${name}' has ${bytes.byteLength} bytes, wanted ${wanted} for (${shape.join(', ')}).`,
      );
    parts[part] = bytes;
  }
  return scheme.open(info.shape, parts);
};

/** Bytes of one part. Throws `bad-value` when the model says that a tensor is packed and cannot give it so. */
export const readPart = async (model: ModelValue, name: string, part: string): Promise<Uint8Array> => {
  if (!model.readPacked)
    throw new IngotError(
      'bad-value',
      `Tensor '${name}' is said to be packed, but the model has no 'readPacked'. Leave 'packed' out of its description, or give the packed bytes.`,
    );
  return model.readPacked(name, part);
};

/** A packed tensor as f32: what `read` of a packed model gives. */
export const readUnpacked = async (model: ModelValue, name: string): Promise<Float32Array | undefined> => {
  const matrix = await openPacked(model, name);
  return matrix && unpackMatrix(matrix);
};

/** Bytes that a model's weights take while it computes: packed ones as they are stored, others as f32. */
export const weightBytes = ({ tensors }: Pick<ModelValue, 'tensors'>): number => {
  const size = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);
  let bytes = 0;
  for (const [name, info] of Object.entries(tensors)) {
    const parts = schemeOf(name, info)?.parts(info.shape);
    if (parts) for (const part of Object.values(parts)) bytes += size(part.shape) * (part.dtype === 'F32' ? 4 : 1);
    else bytes += 4 * size(info.shape);
  }
  return bytes;
};
