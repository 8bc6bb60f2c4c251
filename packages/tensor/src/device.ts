// The device contract: where numbers live and how they are computed. Some thirty primitives that every device has, and
// fused kernels that a device may have; an op uses a kernel where there is one and a composition of primitives elsewhere.
import type { Kernels } from './kernels.js';

export type DType = 'f32' | 'i32';
export type HostArray = Float32Array | Int32Array;

/** A device's own handle to one flat, row-major array. Opaque above the device. */
export interface Storage {
  readonly dtype: DType;
  readonly length: number;
}

export type UnaryName =
  | 'neg'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'rsqrt'
  | 'square'
  | 'reciprocal'
  | 'abs'
  | 'sign'
  | 'tanh'
  | 'sigmoid'
  | 'log-sigmoid'
  | 'erf'
  | 'relu';
export type BinaryName = 'add' | 'sub' | 'mul' | 'div' | 'max' | 'min' | 'pow' | 'greater' | 'equal';
export type ReduceName = 'sum' | 'max' | 'min';

/** C = A·B per batch: A is (batch, m, k), or (batch, k, m) when transposed; B is (batch, k, n) or (batch, n, k). */
export interface MatmulSpec {
  readonly a: Storage;
  readonly b: Storage;
  readonly batch: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** One B for every batch. */
  readonly sharedB?: boolean;
  /** Add to this (batch, m, n) array in place and return it, instead of making a new one. */
  readonly into?: Storage;
}

export interface MemoryUse {
  /** Bytes of live arrays now, and at most since `resetPeak`. */
  readonly bytes: number;
  readonly peak: number;
  /** Live arrays: a leak test compares this. */
  readonly arrays: number;
}

/** Every method is synchronous; arrays are row-major. What a method returns is new, unless it says "in place". */
export interface Device {
  /** 'reference', 'tfjs-wasm', 'native', … */
  readonly name: string;
  /** One line for people: library, version, instruction set, threads. */
  readonly about: string;
  /** Enters cache keys: two devices of one class may share artifacts. */
  readonly precision: 'fp32';
  /** A row's bits do not depend on how many rows there are, nor on prefill or decode (engine decision 9). */
  readonly rowInvariant: boolean;
  /** Bytes that it can ever hold, where that is less than the machine has. */
  readonly limit?: number;
  readonly kernels: Partial<Kernels>;

  // memory
  upload(data: HostArray): Storage;
  download(x: Storage, offset?: number, length?: number): HostArray;
  zeros(dtype: DType, length: number): Storage;
  /** In place: target[targetOffset + i] = source[sourceOffset + i]. */
  copy(source: Storage, sourceOffset: number, target: Storage, targetOffset: number, length: number): void;
  free(x: Storage): void;
  memory(): MemoryUse;
  resetPeak(): void;
  /** Gives memory that no array stands on back to the system, where that can be done: after a stage, before something else wants it. */
  trim?(): void;
  dispose(): void;

  // in place
  fill(target: Storage, value: number): void;
  /** target += scale · source */
  accumulate(target: Storage, source: Storage, scale: number): void;
  /** target *= factor */
  scale(target: Storage, factor: number): void;
  /** target[ids[i], :] += rows[i, :], in the order of i. */
  scatterAddRows(target: Storage, width: number, ids: Storage, rows: Storage): void;

  // elementwise
  unary(name: UnaryName, x: Storage): Storage;
  /** Shapes broadcast as in NumPy to `shape`. 'greater' and 'equal' give 1 or 0 in f32. */
  binary(
    name: BinaryName,
    a: Storage,
    aShape: readonly number[],
    b: Storage,
    bShape: readonly number[],
    shape: readonly number[],
  ): Storage;
  /** scale · x + shift */
  affine(x: Storage, scale: number, shift: number): Storage;
  /** condition ≠ 0 ? a : b, all of one length. */
  select(condition: Storage, a: Storage, b: Storage): Storage;
  cast(x: Storage, dtype: DType): Storage;

  // rows and axes
  /** x is (outer, axis, inner), the result (outer, inner). */
  reduce(name: ReduceName, x: Storage, outer: number, axis: number, inner: number): Storage;
  softmax(x: Storage, rows: number, columns: number): Storage;
  logSoftmax(x: Storage, rows: number, columns: number): Storage;
  /** The index of the largest of each row, the first of equals; i32 (rows). */
  argmax(x: Storage, rows: number, columns: number): Storage;
  /** x[r, ids[r]] for each row r of (rows, columns). */
  pick(x: Storage, rows: number, columns: number, ids: Storage): Storage;
  gatherRows(table: Storage, width: number, ids: Storage): Storage;
  matmul(spec: MatmulSpec): Storage;
  transpose(x: Storage, shape: readonly number[], axes: readonly number[]): Storage;
  slice(x: Storage, shape: readonly number[], begin: readonly number[], size: readonly number[]): Storage;
  /** Joins along one axis; all shapes agree elsewhere. */
  concat(parts: readonly Storage[], shapes: readonly (readonly number[])[], axis: number): Storage;

  // random: Philox 4x32-10; element i is word (i mod 4) of block (counter + i div 4), as (word >>> 8) · 2^-24
  uniform(length: number, key: readonly [number, number], counter: number): Storage;
}
