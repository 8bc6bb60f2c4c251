// Linear cross-entropy of the reference device, a row at a time: −log softmax(x·Wᵀ)[target], never more than one row of logits.
import { logSumExp } from './rows.js';

export interface CrossEntropyArrays {
  readonly x: Float32Array;
  readonly weight: Float32Array;
  readonly targets: Int32Array;
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
}

function rowOfLogits(logits: Float64Array, spec: CrossEntropyArrays, row: number): void {
  const { x, weight, inputs, outputs } = spec;
  const from = row * inputs;
  for (let v = 0; v < outputs; v++) {
    let sum = 0;
    for (let c = 0, at = v * inputs; c < inputs; c++) sum += x[from + c]! * weight[at + c]!;
    logits[v] = sum;
  }
}

/** Each row's loss and log Σ exp; a row with target < 0 gives 0 and 0. */
export function linearCrossEntropy(spec: CrossEntropyArrays): {
  readonly loss: Float32Array;
  readonly logSumExp: Float32Array;
} {
  const loss = new Float32Array(spec.rows);
  const totals = new Float32Array(spec.rows);
  const logits = new Float64Array(spec.outputs);
  for (let r = 0; r < spec.rows; r++) {
    const target = spec.targets[r]!;
    if (target < 0) continue;
    rowOfLogits(logits, spec, r);
    const total = logSumExp(logits, 0, spec.outputs);
    totals[r] = total;
    loss[r] = total - logits[target]!;
  }
  return { loss, logSumExp: totals };
}

/** dx = Σ_v g_v·W_v with g = dLoss·(softmax − one-hot); dW_v += g_v·x where asked. */
export function linearCrossEntropyBackward(
  spec: CrossEntropyArrays & {
    readonly logSumExp: Float32Array;
    readonly dLoss: Float32Array;
    readonly dWeight: Float32Array | undefined;
  },
): Float32Array {
  const { x, weight, targets, rows, inputs, outputs, dWeight } = spec;
  const dx = new Float32Array(rows * inputs);
  const logits = new Float64Array(outputs);
  const sums = new Float64Array(inputs);
  const weightSums = dWeight && new Float64Array(dWeight.length);
  for (let r = 0; r < rows; r++) {
    const target = targets[r]!;
    if (target < 0) continue;
    rowOfLogits(logits, spec, r);
    sums.fill(0);
    for (let v = 0; v < outputs; v++) {
      const g = spec.dLoss[r]! * (Math.exp(logits[v]! - spec.logSumExp[r]!) - (v === target ? 1 : 0));
      const at = v * inputs;
      for (let c = 0; c < inputs; c++) sums[c] = sums[c]! + g * weight[at + c]!;
      if (weightSums !== undefined)
        for (let c = 0; c < inputs; c++) weightSums[at + c] = weightSums[at + c]! + g * x[r * inputs + c]!;
    }
    dx.set(sums, r * inputs);
  }
  if (dWeight !== undefined && weightSums !== undefined)
    for (let i = 0; i < dWeight.length; i++) dWeight[i] = dWeight[i]! + weightSums[i]!;
  return dx;
}
