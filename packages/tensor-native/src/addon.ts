// The addon as JavaScript sees it.

export interface Addon {
  /** Arguments: the kernel's index, then handles and sizes in the kernel's order; results are left from 0 on. */
  readonly ints: Int32Array;
  readonly numbers: Float64Array;
  /** Runs kernel ints[0]: 0, or 1 when memory was out. */
  run(): number;
  /** A new array of 4-byte elements, not initialised, or −1. */
  make(length: number): number;
  /** Whether the handle was there. */
  drop(handle: number): boolean;
  /** Gives memory that no array stands on back to the system; not in WebAssembly, whose memory never shrinks. */
  trim?(): void;
  move(handle: number, data: Float32Array | Int32Array, offset: number, inward: boolean): void;
  clear(handle: number): void;
  open(
    set: string,
    threads: number,
  ): {
    readonly set?: string;
    readonly sets: readonly string[];
    readonly kernels: readonly string[];
    /** The index of the first kernel; 0 unless said. */
    readonly first?: number;
  };
}
