// Arrays in the WebAssembly heap: TypeScript loops read and write them in place, and the GEMM takes them by pointer, without a copy.
import { TensorError, type DType, type HostArray, type MemoryUse, type Storage } from '@ingot/tensor';
import type { WasmModule } from './module.js';

/** What XNNPACK made of a matrix, kept while the matrix stays as it is. */
export interface Pack {
  release(): void;
}

/** One array in the heap. `packs` is whatever was derived from its content. */
export class HeapArray implements Storage {
  readonly packs = new Map<string, Pack>();
  constructor(
    readonly heap: Heap,
    readonly dtype: DType,
    readonly length: number,
    public pointer: number,
  ) {}
}

const BYTES = 4;

/**
 * Allocation, views and counting. A view is taken where it is used and never kept: growing memory detaches all views,
 * so every function allocates first and takes its views afterwards.
 */
export class Heap {
  private bytes = 0;
  private peak = 0;
  private arrays = 0;
  constructor(readonly module: WasmModule) {}

  /** A new array, its content undefined. Throws TensorError `bad-device` when the heap (4 GB at most) is full. */
  allocate(dtype: DType, length: number): HeapArray {
    const array = new HeapArray(this, dtype, length, this.reserve(length));
    this.arrays++;
    this.bytes += length * BYTES;
    this.peak = Math.max(this.peak, this.bytes);
    return array;
  }

  /** Gives an array back. A second time is an error: `disposed`. */
  free(x: Storage): void {
    const array = this.own(x);
    this.forgetPacks(array);
    this.module._free(array.pointer);
    array.pointer = 0;
    this.arrays--;
    this.bytes -= array.length * BYTES;
  }

  /** Runs a body with scratch arrays of these lengths (f32), which end with it. They count towards the peak. */
  scratch<R>(lengths: readonly number[], body: (...arrays: HeapArray[]) => R): R {
    const arrays = lengths.map((length) => this.allocate('f32', length));
    try {
      return body(...arrays);
    } finally {
      for (const array of arrays) this.free(array);
    }
  }

  /** The array behind a handle; throws `disposed` or, for another device's handle, `bad-device`. */
  own(x: Storage): HeapArray {
    if (!(x instanceof HeapArray) || x.heap !== this) {
      throw new TensorError('bad-device', 'tfjs-wasm', {
        wanted: 'an array of this device',
        got: 'an array of another device',
        try: 'download it there and upload it here',
      });
    }
    if (x.pointer === 0)
      throw new TensorError('disposed', 'tfjs-wasm', { wanted: 'a live array', got: 'an array that was freed' });
    return x;
  }

  /** Its numbers, to read. */
  f32(x: Storage): Float32Array {
    return new Float32Array(this.module.HEAPU8.buffer, this.own(x).pointer, x.length);
  }

  /** Its bits as whole numbers: i32 arrays, and moves that need no arithmetic. */
  i32(x: Storage): Int32Array {
    return new Int32Array(this.module.HEAPU8.buffer, this.own(x).pointer, x.length);
  }

  /** Its numbers by its dtype. */
  view(x: Storage): HostArray {
    return x.dtype === 'f32' ? this.f32(x) : this.i32(x);
  }

  /** Its numbers, to write over an array that others may have packed. */
  written(x: Storage): Float32Array {
    this.forgetPacks(this.own(x));
    return this.f32(x);
  }

  /** Drops what was derived from an array's content. */
  forgetPacks(array: HeapArray): void {
    for (const pack of array.packs.values()) pack.release();
    array.packs.clear();
  }

  memory(): MemoryUse {
    return { bytes: this.bytes, peak: this.peak, arrays: this.arrays };
  }

  resetPeak(): void {
    this.peak = this.bytes;
  }

  private reserve(length: number): number {
    const bytes = Math.max(1, length) * BYTES;
    const pointer = bytes < 2 ** 32 ? this.module._malloc(bytes) >>> 0 : 0;
    if (pointer === 0) {
      throw new TensorError('bad-device', 'tfjs-wasm', {
        wanted: `${(bytes / 2 ** 20).toFixed(1)} MB more`,
        got: `a WebAssembly heap that is full (4,096 MB at most; ${(this.bytes / 2 ** 20).toFixed(0)} MB are in use)`,
        try: 'a smaller batch or model, or a device outside of WebAssembly',
      });
    }
    return pointer;
  }
}
