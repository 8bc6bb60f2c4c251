// Recomputation (Chen et al. 2016, "Training deep nets with sublinear memory cost"): a block keeps its inputs only, and runs again in backward.
import type { Buffer } from './buffer.js';
import { type GradientCell, staleError, type Target } from './history.js';
import { observing, record, withGrad } from './record.js';
import { scope } from './scope.js';
import { backwardFrom } from './tape.js';
import { Tensor } from './tensor.js';

/** A block's input in its second run: a leaf, which collects the gradient to pass on. */
class RecomputeInput extends Tensor implements GradientCell {
  readonly leaf = true;
  gradient: Tensor | undefined;
  constructor(of: Tensor) {
    super(of.buffer.retain(), of.shape);
  }
  override get target(): Target {
    return this;
  }
}

/**
 * block(…inputs), of which only the inputs are kept for backward: activations are computed again then, from the same parameters (a parameter
 * changed in between throws `stale`). The block must be a pure function of its inputs and parameters; dropout by counter is.
 */
export function recompute<const Inputs extends readonly Tensor[]>(
  inputs: Inputs,
  block: (...inputs: Inputs) => Tensor,
): Tensor {
  const { result: output, leaves, any } = observing(() => scope(() => block(...inputs)));
  if (!any || inputs.includes(output)) return output;
  return record({
    op: 'recompute',
    output,
    inputs,
    // Parameters inside get their gradients from the second run, also where no input wants one.
    always: true,
    saves: inputs,
    backward(dy, slots, saved) {
      checkVersions(leaves);
      const again = saved.map((input) => (input.dtype === 'f32' ? new RecomputeInput(input) : input.share()));
      try {
        // The inner scope frees what the block's own backward does not need before that begins.
        scope(() =>
          backwardFrom(
            scope(() => withGrad(() => block(...(again as unknown as Inputs)))),
            dy,
          ),
        );
        again.forEach((input, i) => {
          if (input instanceof RecomputeInput && input.gradient !== undefined) slots[i]?.add(input.gradient);
        });
      } finally {
        for (const input of again) {
          if (input instanceof RecomputeInput) input.gradient?.dispose();
          input.dispose();
        }
      }
    },
  });
}

function checkVersions(leaves: ReadonlyMap<Buffer, number>): void {
  for (const [buffer, version] of leaves) if (buffer.version !== version) throw staleError('recompute');
}
