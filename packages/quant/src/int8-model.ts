// A model whose matrices are packed in eight bits, one tensor at a time: codes are made when they are asked for, so that memory never holds two models.
import type { ModelValue, TensorInfo } from '@ingot/contracts';
import { IngotError } from '@ingot/core';
import { relativeError, quantiseRows } from './quantise-rows.js';

/** What became of one tensor. */
export interface TensorReport {
  readonly name: string;
  readonly shape: readonly number[];
  /** 8 bits and its share of the scales, 32 for what stays f32; undefined for a tensor that was packed before. */
  readonly bits: number | undefined;
  /** ‖W − Q‖ / ‖W‖; 0 for what stays. */
  readonly error: number;
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);
const under = (name: string, beginning: string): boolean => name === beginning || name.startsWith(`${beginning}.`);

/** Names of the tensors that are packed: matrices, but not those under a name of `keep`. Throws `bad-options` for a name that matches nothing. */
export function packable({ tensors }: ModelValue, keep: readonly string[]): readonly string[] {
  const names = Object.keys(tensors);
  const stray = keep.find((beginning) => !names.some((name) => under(name, beginning)));
  if (stray !== undefined)
    throw new IngotError(
      'bad-options',
      `'keep' names '${stray}', but the model has no tensor of that name or below it. It has: ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', …' : ''}.`,
    );
  return names.filter((name) => tensors[name]?.shape.length === 2 && !keep.some((beginning) => under(name, beginning)));
}

/**
 * Packs a model's matrices row by row, tensor after tensor; the reports come as they are made, the packed model at the end. A tensor that
 * is packed already stays as it is. Throws what `quantiseRows` and `packable` throw, and the signal's reason when it is aborted.
 */
export async function* int8Model(
  model: ModelValue,
  { keep = [], signal }: { readonly keep?: readonly string[]; readonly signal?: AbortSignal } = {},
): AsyncGenerator<TensorReport, ModelValue, void> {
  const chosen = new Set(packable(model, keep));
  const scales = new Map<string, Float32Array>();
  const quantise = async (name: string, [rows = 0, columns = 0]: readonly number[]) => {
    const weights = await model.read(name);
    return { weights, made: quantiseRows(weights, rows, columns) };
  };
  const tensors: Record<string, TensorInfo> = {};
  for (const [name, info] of Object.entries(model.tensors)) {
    signal?.throwIfAborted();
    tensors[name] = info;
    const { shape, packed } = info;
    if (packed || !chosen.has(name)) {
      yield { name, shape, bits: packed ? undefined : 32, error: 0 };
      continue;
    }
    const { weights, made } = await quantise(name, shape);
    scales.set(name, made.scales);
    tensors[name] = { ...info, packed: { scheme: 'int8-row' } };
    const bits = 8 + (32 * made.scales.length) / Math.max(1, sizeOf(shape));
    yield { name, shape, bits, error: relativeError(weights, made) };
  }
  return {
    design: model.design,
    tensors,
    async read(name) {
      const held = scales.get(name);
      if (!held) return model.read(name);
      const { made } = await quantise(name, tensors[name]?.shape ?? []);
      const columns = made.codes.length / Math.max(1, held.length);
      return Float32Array.from(made.codes, (code, i) => code * (held[Math.floor(i / columns)] ?? 0));
    },
    async readPacked(name, part) {
      const held = scales.get(name);
      if (!held) {
        if (model.readPacked) return model.readPacked(name, part);
        throw new IngotError('unknown-name', `Tensor '${name}' is not packed.`);
      }
      if (part === 'scale') return new Uint8Array(held.buffer, held.byteOffset, held.byteLength);
      const { made } = await quantise(name, tensors[name]?.shape ?? []);
      return new Uint8Array(made.codes.buffer);
    },
  };
}
