// One training step of a GPT-2-shaped model in TensorFlow.js on its WASM backend with SIMD, timed: forward, backward, clip to norm 1,
// AdamW, tied head, biases, tanh GELU, fp32.
// Usage: node tfjs-step.mjs <case | [V,d,L,h,T,B]> <steps> <plain | by-hand>     prints one JSON object
// `plain` leaves matrix products to TensorFlow.js's own gradients. They multiply by transposed operands, for which the WASM backend has
// only a slow loop; `by-hand` copies the operands so that every product of a linear layer takes the fast path (XNNPACK).
// The backend runs one thread in Node, and has no kernel for the gradient of a gather: the embedding is a product with one-hot rows.
import { createRequire, register } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SHAPES } from '../lib/cases.mjs';
import { median } from '../lib/machine.mjs';
import { peaks, resident } from '../lib/memory.mjs';
import { ADAMW, checkLosses, stepStart } from '../lib/step-start.mjs';

const tfjs = createRequire(new URL('../../packages/tensor-tfjs/package.json', import.meta.url));
const core = tfjs.resolve('@tensorflow/tfjs-core');
const tf = tfjs(core);
tfjs('@tensorflow/tfjs-backend-wasm');
// The gradients are registered by files that only bundlers can import: their specifiers have no extension.
const withExtension = `export const resolve = (to, context, next) => next(to.startsWith('.') && !to.endsWith('.js') ? to + '.js' : to, context)`;
register(`data:text/javascript,${encodeURIComponent(withExtension)}`);
await import(pathToFileURL(join(core, '..', 'register_all_gradients.js')).href);

const [name, steps, way = 'plain'] = [process.argv[2], Number(process.argv[3]), process.argv[4]];
const shape = SHAPES[name] ?? JSON.parse(name);
const [V, d, L, h, T, B] = shape;
tf.enableProdMode();
await tf.setBackend('wasm');
await tf.ready();
if (!(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'))) throw new Error('wanted the WASM backend with SIMD');

const idle = resident();
const start = stepStart(shape);
const isMatrix = (key) => /(qkv|projection|up|down)\.weight$/.test(key);
/** Matrices are (in, out) here, as TensorFlow.js's own layers keep them: then the forward product takes the fast path. */
const variables = Object.fromEntries(
  Object.entries(start.parameters).map(([key, { shape: size, data }]) => [
    key,
    tf.tidy(() => {
      const given = tf.tensor(data, size);
      return tf.variable(isMatrix(key) ? tf.transpose(given) : given, true, key);
    }),
  ]),
);
const ids = tf.tensor1d(start.ids, 'int32');
const targets = tf.tensor1d(start.targets, 'int32');
const targetRows = tf.oneHot(targets, V); // (B·T, V)
const idRows = tf.cast(tf.oneHot(ids, V), 'float32'); // (B·T, V)
const causal = tf.tidy(() => tf.mul(tf.sub(tf.linalg.bandPart(tf.ones([T, T]), -1, 0), 1), 1e9)); // (T, T)

const PRODUCTS = {
  plain: (x, w) => tf.matMul(x, w),
  'by-hand': tf.customGrad((x, w, save) => {
    save([x, w]);
    return {
      value: tf.matMul(x, w),
      gradFunc: (dy, [a, b]) => [tf.matMul(dy, tf.transpose(b)), tf.matMul(tf.transpose(a), dy)],
    };
  }),
};
const product = PRODUCTS[way];
const linear = (x, key) => tf.add(product(x, variables[`${key}.weight`]), variables[`${key}.bias`]);
const layerNorm = (x, key) => {
  const { mean, variance } = tf.moments(x, -1, true);
  const normed = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5)));
  return tf.add(tf.mul(normed, variables[`${key}.weight`]), variables[`${key}.bias`]);
};
const gelu = (x) => {
  const inner = tf.mul(tf.add(x, tf.mul(tf.mul(tf.square(x), x), 0.044715)), Math.sqrt(2 / Math.PI));
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
};
const attention = (x, key) => {
  // Transposing five axes at once takes the backend's slow loop: split first.
  const [q, k, v] = tf
    .split(linear(x, `${key}.qkv`), 3, 1)
    .map((part) => tf.transpose(tf.reshape(part, [B, T, h, d / h]), [0, 2, 1, 3])); // (B, h, T, d/h)
  const scores = tf.add(tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(d / h)), causal);
  const y = tf.transpose(tf.matMul(tf.softmax(scores), v), [0, 2, 1, 3]);
  return linear(tf.reshape(y, [B * T, d]), `${key}.projection`);
};
const loss = () => {
  const embedded = tf.reshape(product(idRows, variables['wte.weight']), [B, T, d]);
  let x = tf.reshape(tf.add(embedded, variables['wpe.weight']), [B * T, d]);
  for (let i = 0; i < L; i++) {
    const block = `blocks.${i}`;
    x = tf.add(x, attention(layerNorm(x, `${block}.norm1`), `${block}.attention`));
    x = tf.add(x, linear(gelu(linear(layerNorm(x, `${block}.norm2`), `${block}.mlp.up`)), `${block}.mlp.down`));
  }
  const logits = product(layerNorm(x, 'norm'), tf.transpose(variables['wte.weight']));
  return tf.neg(tf.mean(tf.sum(tf.mul(targetRows, tf.logSoftmax(logits)), -1)));
};

const list = Object.values(variables);
const moments = list.map((variable) => ({
  first: tf.variable(tf.zerosLike(variable)),
  second: tf.variable(tf.zerosLike(variable)),
}));
const { lr, beta1, beta2, epsilon, weightDecay } = ADAMW;
const train = (step) =>
  tf.tidy(() => {
    const { value, grads } = tf.variableGrads(loss, list);
    const squares = list.map(({ name: key }) => tf.sum(tf.square(grads[key])));
    const scale = tf.minimum(tf.div(1, tf.add(tf.sqrt(tf.addN(squares)), 1e-6)), 1);
    for (const [i, variable] of list.entries()) {
      const { first, second } = moments[i];
      const gradient = tf.mul(grads[variable.name], scale);
      first.assign(tf.add(tf.mul(first, beta1), tf.mul(gradient, 1 - beta1)));
      second.assign(tf.add(tf.mul(second, beta2), tf.mul(tf.square(gradient), 1 - beta2)));
      const root = tf.add(tf.mul(tf.sqrt(second), 1 / Math.sqrt(1 - beta2 ** step)), epsilon);
      const move = tf.div(tf.mul(first, lr / (1 - beta1 ** step)), root);
      variable.assign(tf.sub(tf.mul(variable, 1 - lr * weightDecay), move));
    }
    return value.dataSync()[0];
  });

const losses = [];
const times = [];
for (let step = 0; step < steps + 4; step++) {
  const began = performance.now();
  losses.push(train(step + 1));
  if (step >= 4) times.push(performance.now() - began);
}
checkLosses(name, losses);
console.log(
  JSON.stringify({
    peer: `TensorFlow.js ${tf.version_core} WASM${way === 'plain' ? '' : ', products by hand'}`,
    case: name,
    milliseconds: median(times),
    losses: losses.slice(0, 4),
    tensors: tf.memory().numTensors,
    ...peaks(idle),
  }),
);
