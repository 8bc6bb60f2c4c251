// How a weight matrix is stored in fewer bits than f32, and how it is opened again: what every packing scheme must say.
import type { PackedMatrix } from '@ingot/tensor';

/** One array of a packed matrix as it is stored, little-endian. */
export interface PackedPart {
  readonly dtype: 'I8' | 'F32';
  readonly shape: readonly number[];
}
/** A packing scheme. The part `codes` is stored under the tensor's own name, any other one under '<tensor>.<part>'. */
export interface Packing {
  /** The arrays that a matrix of this shape (out, in) is stored as. */
  parts(shape: readonly number[]): Readonly<Record<string, PackedPart>>;
  /** The matrix over the stored bytes, which it keeps. */
  open(shape: readonly number[], parts: Readonly<Record<string, Uint8Array>>): PackedMatrix;
}
