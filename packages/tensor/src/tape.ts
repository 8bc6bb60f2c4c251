// Reverse mode: walks recorded ops from the loss backwards; each op's saved arrays and upstream gradient are freed as soon as it is done.
import { Buffer } from './buffer.js';
import type { Device, Storage } from './device.js';
import { TensorError } from './errors.js';
import { type GradientCell, type GradientSlot, HistoryNode } from './history.js';
import { noGrad } from './record.js';
import { openScope } from './scope-stack.js';
import { type Shape, showShape, sizeOf } from './shape.js';
import { Tensor } from './tensor.js';
import { watched } from './watch.js';

/**
 * Adds seed · d loss / d p into the gradient of every trainable parameter p that the loss depends on. The loss has one element.
 * Throws `no-gradient` when nothing was recorded or backward ran through it before, `stale` when a saved parameter has changed since.
 */
export function backward(loss: Tensor, seed = 1): void {
  if (loss.size !== 1) {
    throw new TensorError('bad-shape', 'backward', {
      wanted: 'a loss of one element',
      got: showShape(loss.shape),
      try: 'sum or mean it first',
    });
  }
  const gradient = new Tensor(new Buffer(loss.device, loss.device.upload(Float32Array.of(seed))), loss.shape);
  try {
    backwardFrom(loss, gradient);
  } finally {
    gradient.dispose();
  }
}

/** As `backward`, from any output and its upstream gradient of the same size. */
export function backwardFrom(output: Tensor, upstream: Tensor): void {
  const root = output.target;
  if (root === undefined) {
    throw new TensorError('no-gradient', 'backward', {
      wanted: 'a tensor that depends on a trainable parameter',
      got: 'one with no recorded history',
      try: 'leave noGrad, or set a parameter trainable',
    });
  }
  slotOf('backward', root, upstream.device).add(upstream);
  if (!(root instanceof HistoryNode)) return;
  const nodes = reachable(root);
  for (const node of nodes) node.retain();
  try {
    noGrad(() => {
      for (const node of nodes) runNode(node);
    });
  } finally {
    // After an error midway the rest is still let go of.
    for (const node of nodes) {
      node.gradient?.dispose();
      node.gradient = undefined;
      node.release();
    }
  }
}

/** All recorded ops behind the root, latest first. */
function reachable(root: HistoryNode): HistoryNode[] {
  const seen = new Set<HistoryNode>([root]);
  const nodes = [root];
  for (let i = 0; i < nodes.length; i++) {
    for (const target of nodes[i]?.targets ?? []) {
      if (!(target instanceof HistoryNode) || seen.has(target)) continue;
      seen.add(target);
      nodes.push(target);
    }
  }
  return nodes.toSorted((a, b) => b.order - a.order);
}

function runNode(node: HistoryNode): void {
  const dy = node.gradient;
  node.gradient = undefined;
  if (dy === undefined) {
    node.spend();
    return;
  }
  const { made, close } = openScope();
  const saved: (Tensor | undefined)[] = [];
  try {
    const run = node.takeBackward();
    for (const one of node.checkedSaved()) saved.push(one?.open());
    run(
      dy,
      node.targets.map((target) => slotOf(node.op, target, dy.device)),
      saved,
    );
  } finally {
    close();
    for (const owned of made) owned.dispose();
    for (const tensor of saved) tensor?.dispose();
    dy.dispose();
    node.spend();
  }
}

function slotOf(op: string, cell: GradientCell | undefined, device: Device): GradientSlot {
  return cell === undefined ? unwanted : new CellSlot(op, cell, device);
}

const unwanted: GradientSlot = {
  wanted: false,
  shape: [],
  add: () => undefined,
  fill: () => undefined,
  inPlace: () => undefined,
};

/** Sums gradients into a cell: the first is taken over where nobody else writes to it, later ones are added in place. */
class CellSlot implements GradientSlot {
  readonly wanted = true;
  readonly shape: Shape;
  readonly #op: string;
  readonly #cell: GradientCell;
  readonly #device: Device;
  constructor(op: string, cell: GradientCell, device: Device) {
    this.#op = op;
    this.shape = cell.shape;
    this.#cell = cell;
    this.#device = device;
  }

  add(gradient: Tensor): void {
    const cell = this.#cell;
    if (gradient.size !== sizeOf(cell.shape)) {
      throw new TensorError('bad-shape', this.#op, {
        wanted: `a gradient of ${showShape(cell.shape)}`,
        got: showShape(gradient.shape),
      });
    }
    watched(this.#op, 'backward', gradient);
    const { device, buffer } = gradient;
    if (cell.gradient !== undefined) {
      device.accumulate(this.#writable(cell.gradient), gradient.storage, 1);
    } else if (cell.leaf && !buffer.exclusive) {
      cell.gradient = new Tensor(new Buffer(device, copyOf(gradient)), cell.shape);
    } else {
      cell.gradient = new Tensor(buffer.retain(), cell.shape);
    }
  }

  fill(make: (into: Storage | undefined) => Storage): void {
    const before = this.#cell.gradient;
    const made = make(before && this.#writable(before));
    if (before === undefined) this.#cell.gradient = new Tensor(new Buffer(this.#device, made), this.#cell.shape);
    if (this.#cell.gradient !== undefined) watched(this.#op, 'backward', this.#cell.gradient);
  }

  inPlace(): Storage {
    const before = this.#cell.gradient;
    if (before !== undefined) return this.#writable(before);
    const zeros = this.#device.zeros('f32', sizeOf(this.#cell.shape));
    this.#cell.gradient = new Tensor(new Buffer(this.#device, zeros), this.#cell.shape);
    return zeros;
  }

  /** The cell's array, made its own first where another cell shares it. */
  #writable(gradient: Tensor): Storage {
    if (gradient.buffer.exclusive) return gradient.storage;
    const own = new Tensor(new Buffer(gradient.device, copyOf(gradient)), gradient.shape);
    gradient.dispose();
    this.#cell.gradient = own;
    return own.storage;
  }
}

function copyOf(x: Tensor): Storage {
  const copy = x.device.zeros(x.dtype, x.size);
  x.device.copy(x.storage, 0, copy, 0, x.size);
  return copy;
}
