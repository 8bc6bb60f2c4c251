// Where every peer's step begins: the same weights, ids and targets for the same shape, so that their losses can be compared.

const zeros = (length) => new Float32Array(length);
const ones = (length) => new Float32Array(length).fill(1);

/** N(0, 0.02) numbers by Box and Muller over a linear congruential generator. */
const normals = () => {
  let state = 1;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return (length) =>
    Float32Array.from({ length }, () => 0.02 * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()));
};

/** The parameters of a shape [V, d, L, h, T, B] by the names of @ingot/model-gpt, matrices (out, in); ids and targets (B, T). */
export const stepStart = ([V, d, L, , T, B]) => {
  const normal = normals();
  const parameters = {};
  const put = (name, shape, make) => {
    parameters[name] = { shape, data: make(shape.reduce((a, b) => a * b)) };
  };
  const linear = (name, outputs, inputs) => {
    put(`${name}.weight`, [outputs, inputs], normal);
    put(`${name}.bias`, [outputs], zeros);
  };
  const norm = (name) => {
    put(`${name}.weight`, [d], ones);
    put(`${name}.bias`, [d], zeros);
  };
  put('wte.weight', [V, d], normal);
  put('wpe.weight', [T, d], normal);
  for (let i = 0; i < L; i++) {
    norm(`blocks.${i}.norm1`);
    linear(`blocks.${i}.attention.qkv`, 3 * d, d);
    linear(`blocks.${i}.attention.projection`, d, d);
    norm(`blocks.${i}.norm2`);
    linear(`blocks.${i}.mlp.up`, 4 * d, d);
    linear(`blocks.${i}.mlp.down`, d, 4 * d);
  }
  norm('norm');
  return {
    parameters,
    ids: Int32Array.from({ length: B * T }, (_, i) => (i * 7919) % V),
    targets: Int32Array.from({ length: B * T }, (_, i) => (i * 104729) % V),
  };
};

/** What AdamW uses in every peer: decay on all parameters, as torch.optim.AdamW does. */
export const ADAMW = { lr: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1 };

/** Losses of the first four steps of nano from stepStart by torch 2.15 (bench/peers/torch_step.py's model and optimiser, clip to norm 1). */
const TORCH = { nano: [4.17986, 3.67563, 3.27341, 3.09042] };

/** Throws when a peer's first losses are not PyTorch's to 1e-3, where they are known: then it computes another step. */
export const checkLosses = (name, losses) => {
  const wrong = (TORCH[name] ?? []).findIndex((loss, i) => !(Math.abs(loss - losses[i]) < 1e-3));
  if (wrong >= 0)
    throw new Error(
      `step ${wrong} of ${name}: wanted a loss of ${TORCH[name][wrong]} as PyTorch's, got ${losses[wrong]}`,
    );
};
