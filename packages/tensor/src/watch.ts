// Anomaly mode: while `watchNumbers` runs, the first op whose output or gradient holds a NaN or an infinity is named.
import type { Storage } from './device.js';
import { TensorError } from './errors.js';
import type { Tensor } from './tensor.js';

export type Phase = 'forward' | 'backward';
type Watcher = (op: string, phase: Phase, made: Tensor) => void;

let watcher: Watcher | undefined;

/** For ops and the tape: reports what an op made. Costs nothing outside of anomaly mode. */
export function watched(op: string, phase: Phase, made: Tensor): void {
  watcher?.(op, phase, made);
}

/** The index of the first NaN or infinity of a tensor; undefined when all numbers are finite. Downloads it. */
export function firstNonFinite(tensor: {
  readonly device: { download(x: Storage): ArrayLike<number> };
  readonly storage: Storage;
}): number | undefined {
  const values = tensor.device.download(tensor.storage);
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i;
  return undefined;
}

/** Calls `onOp` for every op's output, forward, and for every gradient it sends, backward, while the body runs. */
export function onOp<R>(see: Watcher, body: () => R): R {
  const before = watcher;
  watcher = see;
  try {
    return body();
  } finally {
    watcher = before;
  }
}

/** Runs the body in anomaly mode: throws `not-finite`, naming the first op that made a NaN or an infinity, forward or backward. Slow. */
export function watchNumbers<R>(body: () => R): R {
  return onOp((op, phase, made) => {
    if (made.dtype !== 'f32') return;
    const at = firstNonFinite(made);
    if (at === undefined) return;
    throw new TensorError('not-finite', op, {
      wanted: `finite numbers from its ${phase} pass`,
      got: `${made.read()[at]} at element ${at} of (${made.shape.join(', ')})`,
      try: 'a lower learning rate, gradient clipping, or look at what enters this op',
    });
  }, body);
}
