// Gradients of a whole model by finite differences: the loss of a tiny batch, a few entries of every parameter.
import type { DesignValue, FamilyValue } from '@ingot/contracts';
import {
  backward,
  noGrad,
  plainWeights,
  reshape,
  scope,
  sum,
  tensor,
  type Device,
  type Parameter,
  type ParameterTree,
  type Tensor,
} from '@ingot/tensor';

/** Entries compared in each parameter: the first, the last and some between. */
const ENTRIES = 5;
const STEP = 0.01;
/** fp32 losses near 10 with a step of 0.01 leave about 1e-4; the stencil's own error is far below. */
const TOLERANCE = 2e-3;

const entriesOf = (size: number): readonly number[] => [
  ...new Set(Array.from({ length: ENTRIES }, (_, i) => Math.round((i * (size - 1)) / (ENTRIES - 1)))),
];

/** (f(−2h) − 8f(−h) + 8f(h) − f(2h)) / 12h, error O(h⁴). */
const difference = (parameter: Parameter, entry: number, lossNow: () => number): number => {
  const numbers = Float32Array.from(parameter.read());
  const at = (shift: number): number => {
    const moved = numbers.slice();
    moved[entry] = (numbers[entry] ?? 0) + shift;
    parameter.load(moved);
    return lossNow();
  };
  const slope = (at(-2 * STEP) - 8 * at(-STEP) + 8 * at(STEP) - at(2 * STEP)) / (12 * STEP);
  parameter.load(numbers);
  return slope;
};

/** Throws an Error naming parameter, entry and both numbers where they differ by more than 2e-3 of max(1, largest entry). */
export const familyGradients = (
  device: Device,
  family: FamilyValue,
  design: DesignValue,
  tree: ParameterTree,
  ids: readonly number[],
): void => {
  const targets = ids.map((id) => (id + 1) % design.vocabSize);
  const loss = (): Tensor => {
    const weights = plainWeights(tree);
    const hidden = family.forward(design, weights, tensor(device, Int32Array.from(ids), [1, ids.length], 'i32'));
    const flat = reshape(hidden, [ids.length, hidden.shape[2] ?? 0]);
    return sum(
      weights.crossEntropy(family.head(design), flat, tensor(device, Int32Array.from(targets), [ids.length], 'i32')),
    );
  };
  const lossNow = () => scope(() => noGrad(() => loss().item()));
  tree.zeroGradients();
  scope(() => backward(loss()));
  for (const parameter of tree.values()) {
    const gradient = Float32Array.from(parameter.gradient?.read() ?? new Float32Array(parameter.size));
    const largest = gradient.reduce((most, entry) => Math.max(most, Math.abs(entry)), 1);
    for (const entry of entriesOf(parameter.size)) {
      const wanted = difference(parameter, entry, lossNow);
      const got = gradient[entry] ?? Number.NaN;
      if (!(Math.abs(got - wanted) <= TOLERANCE * largest))
        throw new Error(
          `Parameter '${parameter.name}', entry ${entry}: backward gives ${got}, finite differences ${wanted}; allowed ${TOLERANCE * largest}.`,
        );
    }
  }
  tree.zeroGradients();
};
