// One training step of a GPT-2-shaped model in jax-js on its WASM backend, timed: forward, backward, clip to norm 1, AdamW, tied head,
// biases, tanh GELU, fp32.
// Usage: node jax-js-step.mjs <case | [V,d,L,h,T,B]> <steps> <threads>     prints one JSON object
// jax-js's threads are web workers from a blob: the shims below are `navigator` (its count of threads) and a `Worker` over
// node:worker_threads, which has `self`, `postMessage` and `onmessage` inside. Its optimisers (optax) are not published: AdamW by hand.
import { resolveObjectURL } from 'node:buffer';
import { createRequire } from 'node:module';
import { Worker as NodeWorker } from 'node:worker_threads';
import { SHAPES } from '../lib/cases.mjs';
import { median } from '../lib/machine.mjs';
import { peaks, resident } from '../lib/memory.mjs';
import { ADAMW, checkLosses, stepStart } from '../lib/step-start.mjs';

const [name, steps, threads] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const INSIDE = `
const { parentPort } = require('node:worker_threads');
globalThis.self = globalThis;
globalThis.postMessage = (message) => parentPort.postMessage(message);
parentPort.on('message', (data) => self.onmessage({ data }));
`;
/** A web worker that runs a blob's script on a thread of Node's; messages wait until the script has started. */
class WebWorker {
  #started;
  constructor(url) {
    this.#started = resolveObjectURL(url)
      .text()
      .then((source) => {
        const worker = new NodeWorker(INSIDE + source, { eval: true });
        worker.on('message', (data) => this.onmessage?.({ data }));
        worker.on('error', (error) => this.onerror?.(error));
        return worker;
      });
  }
  postMessage = (message) => {
    if (this.#started instanceof NodeWorker) this.#started.postMessage(message, []);
    else
      void this.#started.then((worker) => {
        this.#started = worker;
        worker.postMessage(message, []);
      });
  };
}
const browser = { Worker: WebWorker, navigator: { hardwareConcurrency: threads, userAgent: 'Node' }, self: globalThis };
for (const [key, value] of Object.entries(browser))
  Object.defineProperty(globalThis, key, { value, configurable: true, writable: true });

const jax = await import('@jax-js/jax');
const { numpy: np, nn, jit, tree, valueAndGrad } = jax;
const version = createRequire(import.meta.url)('../../package.json').devDependencies['@jax-js/jax'];
const shape = SHAPES[name] ?? JSON.parse(name);
const [V, d, L, h, T, B] = shape;
const idle = resident();
const start = stepStart(shape);
const ids = np.array(start.ids, { dtype: np.int32 }).reshape([B, T]);
const targets = np.array(start.targets, { dtype: np.int32 });
const causal = np.tri(T, T, 0, { dtype: 'bool' }); // (T, T)

/** The flat names become a tree: blocks.0.mlp.up.weight is tree.blocks[0].mlp.up.weight. Matrices are (in, out), as in JAX. */
const isMatrix = (key) => /(qkv|projection|up|down)\.weight$/.test(key);
const parameterTree = () => {
  const root = { blocks: Array.from({ length: L }, () => ({})) };
  for (const [key, { shape: size, data }] of Object.entries(start.parameters)) {
    const path = key.split('.');
    const last = path.pop();
    const given = np.array(data).reshape(size);
    path.reduce((node, part) => (node[part] ??= {}), root)[last] = isMatrix(key) ? given.transpose() : given;
  }
  return root;
};

const linear = (x, { weight, bias }) => np.matmul(x, weight).add(bias);
const layerNorm = (x, { weight, bias }) => nn.standardize(x, -1).mul(weight).add(bias);
// As its nn.dotProductAttention, which needs Node 22 (iterator helpers) and takes as long.
const attention = (x, { qkv, projection }) => {
  const [q, k, v] = np
    .split(linear(x, qkv), 3, -1)
    .map((part) => part.reshape([B, T, h, d / h]).transpose([0, 2, 1, 3])); // (B, h, T, d/h)
  const scores = np.matmul(q, k.transpose([0, 1, 3, 2])).mul(1 / Math.sqrt(d / h));
  const y = np.matmul(nn.softmax(np.where(causal.ref, scores, -Infinity), -1), v);
  return linear(y.transpose([0, 2, 1, 3]).reshape([B * T, d]), projection);
};
const mlp = (x, { up, down }) => linear(nn.gelu(linear(x, up)), down);
const lossOf = (p, tokens, wanted) => {
  let x = np
    .take(p.wte.weight.ref, tokens, 0)
    .add(p.wpe.weight)
    .reshape([B * T, d]);
  for (const block of p.blocks) {
    x = x.ref.add(attention(layerNorm(x, block.norm1), block.attention));
    x = x.ref.add(mlp(layerNorm(x, block.norm2), block.mlp));
  }
  const logits = np.matmul(layerNorm(x, p.norm), p.wte.weight.transpose());
  return nn.logSoftmax(logits, -1).mul(nn.oneHot(wanted, V)).sum(-1).mean().neg();
};

const { lr, beta1, beta2, epsilon, weightDecay } = ADAMW;
const update = (p, first, second, gradients, firstScale, secondScale) => {
  const squares = tree.leaves(gradients).map((g) => np.square(g.ref).sum());
  const scale = np.minimum(np.reciprocal(np.sqrt(squares.reduce((a, b) => a.add(b))).add(1e-6)), 1);
  const clipped = tree.map((g) => g.mul(scale.ref), gradients);
  scale.dispose();
  const m = tree.map((a, g) => a.mul(beta1).add(g.ref.mul(1 - beta1)), first, clipped);
  const v = tree.map((a, g) => a.mul(beta2).add(np.square(g).mul(1 - beta2)), second, clipped);
  const moved = tree.map(
    (w, a, b) =>
      w.mul(1 - lr * weightDecay).sub(a.ref.mul(firstScale.ref).div(np.sqrt(b.ref.mul(secondScale.ref)).add(epsilon))),
    p,
    m,
    v,
  );
  firstScale.dispose();
  secondScale.dispose();
  return [moved, m, v];
};

const gradientsOf = jit(valueAndGrad(lossOf));
const moveBy = jit(update);
let parameters = parameterTree();
let first = tree.map((w) => np.zerosLike(w.ref), parameters);
let second = tree.map((w) => np.zerosLike(w.ref), parameters);
const train = async (step) => {
  const [loss, gradients] = gradientsOf(tree.ref(parameters), ids.ref, targets.ref);
  const firstScale = np.array(lr / (1 - beta1 ** step));
  const secondScale = np.array(1 / (1 - beta2 ** step));
  [parameters, first, second] = moveBy(parameters, first, second, gradients, firstScale, secondScale);
  await jax.blockUntilReady(parameters);
  return (await loss.data())[0];
};

// The first step compiles its kernels, and V8 compiles them once more while the next ones run.
const WARM = 10;
const losses = [];
const times = [];
for (let step = 0; step < WARM + steps; step++) {
  const began = performance.now();
  losses.push(await train(step + 1));
  if (step >= WARM) times.push(performance.now() - began);
}
checkLosses(name, losses);
const peer = `jax-js ${version} WASM`;
console.log(
  JSON.stringify({
    peer,
    case: name,
    threads,
    milliseconds: median(times),
    losses: losses.slice(0, 4),
    ...peaks(idle),
  }),
);
process.exit(0); // its threads never end
