// What the tape remembers of one op: where its inputs' gradients go, the arrays it saved, and its backward function. Nodes are counted
// by their output and by their consumers, so a graph that nobody can reach frees its saved arrays at once, backward or not.
import type { Storage } from './device.js';
import { TensorError } from './errors.js';
import { Saved } from './saved.js';
import type { Shape } from './shape.js';
import type { Tensor } from './tensor.js';

/** Where a gradient is summed: a recorded op's output, or a leaf (a parameter). */
export interface GradientCell {
  readonly shape: Shape;
  gradient: Tensor | undefined;
  /** A leaf keeps its gradient after backward, so it never shares the array with another cell. */
  readonly leaf: boolean;
}
export type Target = HistoryNode | GradientCell | undefined;

/** What a backward function does with the gradient of one input. */
export interface GradientSlot {
  /** False for inputs that want no gradient: compute nothing for them. */
  readonly wanted: boolean;
  readonly shape: Shape;
  /** Adds a gradient of the input's size. */
  add(gradient: Tensor): void;
  /** For kernels that can add in place: `make` gets the array to add to and returns it, or gets undefined and makes a new one. */
  fill(make: (into: Storage | undefined) => Storage): void;
  /** The array to add to, made of zeros where there is none yet; undefined when no gradient is wanted. */
  inPlace(): Storage | undefined;
}

export type Backward = (dy: Tensor, slots: readonly GradientSlot[], saved: readonly (Tensor | undefined)[]) => void;

let clock = 0;

/** One recorded op: its output's gradient cell, its inputs' targets and what it saved. */
export class HistoryNode implements GradientCell {
  readonly leaf = false;
  /** Larger than that of every input. */
  readonly order = ++clock;
  gradient: Tensor | undefined;
  readonly op: string;
  readonly shape: Shape;
  #targets: readonly Target[];
  #saved: readonly (Saved | undefined)[];
  #backward: Backward | undefined;
  #holders = 1;

  constructor(
    op: string,
    shape: Shape,
    inputs: readonly (Tensor | undefined)[],
    saves: readonly (Tensor | undefined)[],
    backward: Backward,
  ) {
    this.op = op;
    this.shape = shape;
    this.#targets = inputs.map((input) => input?.target);
    for (const target of this.#targets) if (target instanceof HistoryNode) target.retain();
    this.#saved = saves.map((tensor) => tensor && new Saved(tensor));
    this.#backward = backward;
  }

  get targets(): readonly Target[] {
    return this.#targets;
  }

  retain(): void {
    this.#holders++;
  }

  /** One holder less; the last one frees what was saved, and so on along the inputs that nobody else holds (a loop: graphs are deep). */
  release(): void {
    const pending: HistoryNode[] = [this];
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      node.#holders--;
      if (node.#holders > 0) continue;
      for (const target of node.#targets) if (target instanceof HistoryNode) pending.push(target);
      node.#targets = [];
      node.finish();
    }
  }

  /** The backward function, once; throws `no-gradient` when it ran before. */
  takeBackward(): Backward {
    const backward = this.#backward;
    if (backward === undefined) {
      throw new TensorError('no-gradient', this.op, {
        wanted: 'one backward through each recorded op',
        got: 'a second one, after its saved tensors were freed',
        try: 'add the losses and call backward once, or compute the forward pass again',
      });
    }
    this.#backward = undefined;
    return backward;
  }

  /** The saved arrays, checked against changes in place since they were saved: throws `stale`. */
  checkedSaved(): readonly (Saved | undefined)[] {
    if (this.#saved.some((saved) => saved?.stale)) throw staleError(this.op);
    return this.#saved;
  }

  /** Frees saved arrays and a gradient that was not used. */
  finish(): void {
    const saved = this.#saved;
    this.#saved = [];
    for (const one of saved) one?.release();
    this.#backward = undefined;
    this.gradient?.dispose();
    this.gradient = undefined;
  }

  /** After its backward: frees what was saved and lets go of the inputs. */
  spend(): void {
    this.finish();
    const targets = this.#targets;
    this.#targets = [];
    for (const target of targets) if (target instanceof HistoryNode) target.release();
  }
}

/** The error for a parameter that changed between an op's forward and its backward. */
export function staleError(op: string): TensorError {
  return new TensorError('stale', op, {
    wanted: 'the values that the forward pass saw',
    got: 'a parameter that was changed in place since (its version moved on)',
    try: 'run backward before the optimiser step or load, or compute the forward pass again',
  });
}
