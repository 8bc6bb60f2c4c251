// Linear cross-entropy composed from primitives in blocks of the vocabulary, over the scored rows only: never the full logits.
// The running maximum and sum are those of the online softmax (Milakov and Gimelshein 2018, algorithm 3).
import type { BinaryName, Device, Storage } from '../device.js';
import type { LinearCrossEntropyBackwardSpec, LinearCrossEntropySpec } from '../kernels.js';

/** A head that is made a block of rows at a time, because it is not an array of the device: packed weights. */
export interface WeightBlocks {
  /** Rows of a block at most. */
  readonly most: number;
  /** Rows from … from + size as weights, (size, inputs); whatever was made for them goes through `keep`. */
  block(from: number, size: number, keep: (x: Storage) => Storage): Storage;
}
/** The same as a kernel is given, but the weight may come in blocks. */
type Headed<Spec extends LinearCrossEntropySpec> = Omit<Spec, 'weight'> & { readonly weight: Storage | WeightBlocks };

/** At most this many logits at a time: 16 MB. */
const BLOCK_ELEMENTS = 4 * 1024 * 1024;

/** Frees what a composition made on the way. */
interface Steps {
  keep(x: Storage): Storage;
  binary(name: BinaryName, a: Storage, aShape: readonly number[], b: Storage, bShape: readonly number[]): Storage;
  close(): void;
}

function steps(device: Device): Steps {
  const made: Storage[] = [];
  const keep = (x: Storage): Storage => {
    made.push(x);
    return x;
  };
  return {
    keep,
    binary: (name, a, aShape, b, bShape) => keep(device.binary(name, a, aShape, b, bShape, aShape)),
    close: () => made.forEach((x) => device.free(x)),
  };
}

interface Scored {
  readonly count: number;
  /** i32 (count): which rows are scored. */
  readonly places: Storage;
  /** Targets of the scored rows. */
  readonly targets: Int32Array;
  /** (count, inputs) */
  readonly x: Storage;
}

type ScoredSpec = Omit<LinearCrossEntropySpec, 'weight'>;

function scoredRows(device: Device, spec: ScoredSpec, { keep }: Steps): Scored | undefined {
  const all = device.download(spec.targets);
  const rows = Int32Array.from([...all.keys()].filter((r) => (all[r] ?? -1) >= 0));
  if (rows.length === 0) return undefined;
  const places = keep(device.upload(rows));
  return {
    count: rows.length,
    places,
    targets: rows.map((r) => all[r] ?? 0),
    x: keep(device.gatherRows(spec.x, spec.inputs, places)),
  };
}

/** Blocks of the vocabulary: [from, size) pairs. */
function* blocks(
  count: number,
  { outputs, weight }: Headed<LinearCrossEntropySpec>,
  elements: number,
): Generator<{ readonly from: number; readonly size: number }> {
  const most = 'block' in weight ? weight.most : outputs;
  const step = Math.max(1, Math.min(most, Math.floor(elements / count)));
  for (let from = 0; from < outputs; from += step) yield { from, size: Math.min(step, outputs - from) };
}

/** The weights of a block, and the scored rows' logits on it (count, size). */
function blockLogits(
  device: Device,
  spec: Headed<LinearCrossEntropySpec>,
  scored: Scored,
  from: number,
  size: number,
  { keep }: Steps,
): { readonly weight: Storage; readonly logits: Storage } {
  const { inputs, outputs, weight: head } = spec;
  const sliced = (whole: Storage): Storage =>
    size === outputs ? whole : keep(device.slice(whole, [outputs, inputs], [from, 0], [size, inputs]));
  const weight = 'block' in head ? head.block(from, size, keep) : sliced(head);
  const logits = keep(
    device.matmul({
      a: scored.x,
      b: weight,
      batch: 1,
      m: scored.count,
      n: size,
      k: inputs,
      transposeA: false,
      transposeB: true,
    }),
  );
  return { weight, logits };
}

/** Spreads values of the scored rows over all rows, zeros elsewhere. */
function spread(device: Device, spec: ScoredSpec, scored: Scored, values: Storage, width: number): Storage {
  const full = device.zeros('f32', spec.rows * width);
  device.scatterAddRows(full, width, scored.places, values);
  return full;
}

/** Losses and log Σ exp of all rows, zeros for unscored ones; at most `blockElements` logits live at a time. */
export function composeForward(
  device: Device,
  spec: Headed<LinearCrossEntropySpec>,
  blockElements = BLOCK_ELEMENTS,
): { readonly loss: Storage; readonly logSumExp: Storage } {
  const outer = steps(device);
  const scored = scoredRows(device, spec, outer);
  if (scored === undefined) return { loss: device.zeros('f32', spec.rows), logSumExp: device.zeros('f32', spec.rows) };
  const { count, targets } = scored;
  const rows = [count];
  const column = [count, 1];
  let largest = outer.keep(device.affine(outer.keep(device.zeros('f32', count)), 1, -3.4e38));
  let sum = outer.keep(device.zeros('f32', count));
  const picked = outer.keep(device.zeros('f32', count));
  for (const { from, size } of blocks(count, spec, blockElements)) {
    const inner = steps(device);
    const { logits } = blockLogits(device, spec, scored, from, size, inner);
    const best = outer.binary('max', largest, rows, inner.keep(device.reduce('max', logits, count, size, 1)), rows);
    const exps = inner.keep(device.unary('exp', inner.binary('sub', logits, [count, size], best, column)));
    const older = inner.binary(
      'mul',
      sum,
      rows,
      inner.keep(device.unary('exp', inner.binary('sub', largest, rows, best, rows))),
      rows,
    );
    sum = outer.binary('add', older, rows, inner.keep(device.reduce('sum', exps, count, size, 1)), rows);
    largest = best;
    // A target outside of this block reads element 0 and is multiplied by 0.
    const inside = inner.keep(device.upload(Float32Array.from(targets, (t) => (t >= from && t < from + size ? 1 : 0))));
    const local = inner.keep(device.upload(targets.map((t) => (t >= from && t < from + size ? t - from : 0))));
    device.accumulate(
      picked,
      inner.binary('mul', inner.keep(device.pick(logits, count, size, local)), rows, inside, rows),
      1,
    );
    inner.close();
  }
  const total = outer.binary('add', largest, rows, outer.keep(device.unary('log', sum)), rows);
  const loss = spread(device, spec, scored, outer.binary('sub', total, rows, picked, rows), 1);
  const logSumExp = spread(device, spec, scored, total, 1);
  outer.close();
  return { loss, logSumExp };
}

/** dX of all rows; dW is added to where asked; at most `blockElements` logits live at a time. */
export function composeBackward(
  device: Device,
  spec: Headed<LinearCrossEntropyBackwardSpec>,
  blockElements = BLOCK_ELEMENTS,
): Storage {
  const outer = steps(device);
  const scored = scoredRows(device, spec, outer);
  if (scored === undefined) return device.zeros('f32', spec.rows * spec.inputs);
  const { count } = scored;
  const { inputs } = spec;
  const column = [count, 1];
  const total = outer.keep(device.gatherRows(spec.logSumExp, 1, scored.places));
  const upstream = outer.keep(device.gatherRows(spec.dLoss, 1, scored.places));
  const dx = outer.keep(device.zeros('f32', count * inputs));
  for (const { from, size } of blocks(count, spec, blockElements)) {
    const inner = steps(device);
    const { weight, logits } = blockLogits(device, spec, scored, from, size, inner);
    const shape = [count, size];
    const p = inner.keep(device.unary('exp', inner.binary('sub', logits, shape, total, column)));
    const g = inner.binary('mul', p, shape, upstream, column);
    subtractTargets(device, g, scored, upstream, from, size, inner);
    device.matmul({
      a: g,
      b: weight,
      batch: 1,
      m: count,
      n: inputs,
      k: size,
      transposeA: false,
      transposeB: false,
      into: dx,
    });
    if (spec.dWeight !== undefined) {
      const dWeight = inner.keep(
        device.matmul({
          a: g,
          b: scored.x,
          batch: 1,
          m: size,
          n: inputs,
          k: count,
          transposeA: true,
          transposeB: false,
        }),
      );
      const rows = inner.keep(device.upload(Int32Array.from({ length: size }, (_, v) => from + v)));
      device.scatterAddRows(spec.dWeight, inputs, rows, dWeight);
    }
    inner.close();
  }
  const full = spread(device, spec, scored, dx, inputs);
  outer.close();
  return full;
}

/** g[r, target − from] −= upstream[r] for targets within the block. */
function subtractTargets(
  device: Device,
  g: Storage,
  scored: Scored,
  upstream: Storage,
  from: number,
  size: number,
  { keep }: Steps,
): void {
  const hits = Int32Array.from([...scored.targets.keys()].filter((r) => inBlock(scored.targets[r] ?? -1, from, size)));
  if (hits.length === 0) return;
  const minus = keep(device.affine(keep(device.gatherRows(upstream, 1, keep(device.upload(hits)))), -1, 0));
  const places = keep(device.upload(hits.map((r) => r * size + (scored.targets[r] ?? 0) - from)));
  device.scatterAddRows(g, 1, places, minus);
}

function inBlock(target: number, from: number, size: number): boolean {
  return target >= from && target < from + size;
}
