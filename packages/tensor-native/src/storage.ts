// A handle of the addon's arena, with what JavaScript needs to know of it.
import type { DType, Storage } from '@ingot/tensor';

/** One array in the arena. */
export class NativeStorage implements Storage {
  freed = false;
  constructor(
    readonly handle: number,
    readonly dtype: DType,
    readonly length: number,
  ) {}
}
