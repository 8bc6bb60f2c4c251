// Products beside MKL's through PyTorch: squares in all transposes and the shapes of the four training cases, one thread and two.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { alternate, own, row } from '../lib/alternate.mjs';
import { machine } from '../lib/machine.mjs';
import { peer } from '../lib/peer.mjs';

const script = fileURLToPath(new URL('../lib/gemm.mjs', import.meta.url));
const WAYS = { nn: [false, false], nt: [false, true], tn: [true, false], tt: [true, true] };
export const shape = (name, m, n, k, way) => ({
  name: `${name} ${m}x${n}x${k} ${way}`,
  m,
  n,
  k,
  ta: WAYS[way][0],
  tb: WAYS[way][1],
});

/** The products of a linear layer's step: y = x·Wᵀ, dx = dy·W, dW = dyᵀ·x. */
export const layer = (name, rows, inputs, outputs) => [
  shape(`${name} forward`, rows, outputs, inputs, 'nt'),
  shape(`${name} dX`, rows, inputs, outputs, 'nn'),
  shape(`${name} dW`, outputs, inputs, rows, 'tn'),
];
const SHAPES = [
  ...[512, 1024, 2048].flatMap((n) => Object.keys(WAYS).map((way) => shape('square', n, n, n, way))),
  ...layer('nano qkv', 768, 128, 384),
  ...layer('nano up', 768, 128, 512),
  ...layer('mid qkv', 1024, 384, 1152),
  ...layer('mid up', 1024, 384, 1536),
  ...layer('gpt2 qkv', 256, 768, 2304),
  ...layer('gpt2 up', 256, 768, 3072),
  ...layer('seed head', 512, 256, 50257),
];

/** Rows of GFLOP/s. */
export const bench = async ({ only, rounds, say }) => {
  const device = process.env.INGOT_DEVICE ?? 'native';
  const shapes = SHAPES.filter(({ name }) => only === undefined || name.includes(only));
  if (shapes.length === 0)
    throw new Error(`wanted a part of a case's name, for example 'square' or 'head', got ${only}`);
  say(machine());
  const rows = [];
  const counts = process.env.INGOT_THREADS
    ? [Number(process.env.INGOT_THREADS)]
    : [...new Set([1, Math.min(2, availableParallelism())])];
  for (const threads of counts) {
    const given = JSON.stringify(shapes.map(({ m, n, k, ta, tb }) => ({ m, n, k, ta, tb })));
    const kept = alternate(
      `gemm, ${threads} threads`,
      rounds,
      () => own(script, [device, threads, given]),
      { torch: () => peer('torch_gemm.py', [threads, given]) },
      say,
    );
    if (kept.ours.length === 0) {
      say(`no round counted with ${threads} threads; try again when the machine is quiet`);
      continue;
    }
    for (const [i, { name }] of shapes.entries())
      rows.push(
        row({ suite: 'gemm', case: name, device: kept.ours[0].device, threads }, kept.ours, kept.peers.torch, {
          unit: 'GFLOP/s',
          smallerIsBetter: false,
          of: ({ gflops }) => gflops[i],
        }),
      );
  }
  return rows;
};
