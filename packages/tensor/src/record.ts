// Recording: an op reports its output, inputs and backward function here; whether anything is recorded is decided here alone.
import type { Buffer } from './buffer.js';
import { type GradientSlot, HistoryNode } from './history.js';
import type { Tensor } from './tensor.js';

type Slots<Inputs extends readonly (Tensor | undefined)[]> = { readonly [K in keyof Inputs]: GradientSlot };

export interface OpRecord<
  Inputs extends readonly (Tensor | undefined)[],
  Saves extends readonly (Tensor | undefined)[],
> {
  readonly op: string;
  readonly output: Tensor;
  readonly inputs: Inputs;
  /** Kept for backward only: save nothing that no wanted gradient needs (`tracked` tells). */
  readonly saves: Saves;
  /** Record also where no input wants a gradient. */
  readonly always?: boolean;
  readonly backward: (dy: Tensor, slots: Slots<Inputs>, saved: Saves) => void;
}

let recording = true;
/** While set: parameters that ops would have recorded gradients for, and whether any op would have been recorded. */
let observed: { readonly leaves: Map<Buffer, number>; any: boolean } | undefined;

/** Whether ops are recorded now and this tensor wants a gradient: then, and only then, save what its gradient needs. */
export function tracked(tensor: Tensor | undefined): boolean {
  return recording && tensor?.target !== undefined;
}

/** Records an op, if recording is on and an input wants a gradient. Gives the output back. */
export function record<
  const Inputs extends readonly (Tensor | undefined)[],
  const Saves extends readonly (Tensor | undefined)[],
>(about: OpRecord<Inputs, Saves>): Tensor {
  if (observed !== undefined) observe(about.inputs, observed);
  if (!recording || !(about.always === true || about.inputs.some((input) => input?.target !== undefined)))
    return about.output;
  const node = new HistoryNode(about.op, about.output.shape, about.inputs, about.saves, (dy, slots, saved) => {
    about.backward(dy, slots as Slots<Inputs>, saved as unknown as Saves);
  });
  about.output.remember(node);
  return about.output;
}

function observe(
  inputs: readonly (Tensor | undefined)[],
  into: { readonly leaves: Map<Buffer, number>; any: boolean },
): void {
  for (const input of inputs) {
    const target = input?.target;
    if (input === undefined || target === undefined) continue;
    into.any = true;
    if (!(target instanceof HistoryNode)) into.leaves.set(input.buffer, input.buffer.version);
  }
}

function withRecording<R>(on: boolean, body: () => R): R {
  const before = recording;
  recording = on;
  try {
    return body();
  } finally {
    recording = before;
  }
}

/** Runs the body with nothing recorded: no gradients, and no memory kept for them. */
export function noGrad<R>(body: () => R): R {
  return withRecording(false, body);
}

/** Whether ops are recorded now. */
export function isRecording(): boolean {
  return recording;
}

/** Runs the body with recording on again, inside a backward pass. */
export function withGrad<R>(body: () => R): R {
  return withRecording(true, body);
}

/** Runs the body unrecorded, and tells which parameters it would have recorded, at which version, and whether any op would have been. */
export function observing<R>(body: () => R): {
  readonly result: R;
  readonly leaves: ReadonlyMap<Buffer, number>;
  readonly any: boolean;
} {
  const outer = observed;
  const mine = { leaves: new Map<Buffer, number>(), any: false };
  observed = mine;
  try {
    const result = noGrad(body);
    return { result, leaves: mine.leaves, any: mine.any };
  } finally {
    observed = outer;
    if (outer !== undefined) {
      for (const [buffer, version] of mine.leaves) outer.leaves.set(buffer, version);
      outer.any ||= mine.any;
    }
  }
}
