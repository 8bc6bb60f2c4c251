// The KV cache's size before it is made.

export interface CacheShape {
  readonly layers: number;
  /** Numbers of one key: kvHeads · headSize. */
  readonly width: number;
  readonly sequences: number;
  /** Positions of each sequence. */
  readonly capacity: number;
  /** 4 unless said: fp32. */
  readonly bytesPerNumber?: number;
}

/** Bytes of keys and values: 2 · L · (K·D) · T · B · bytes. */
export function cacheBytes({ layers, width, sequences, capacity, bytesPerNumber = 4 }: CacheShape): number {
  return 2 * layers * width * capacity * sequences * bytesPerNumber;
}
