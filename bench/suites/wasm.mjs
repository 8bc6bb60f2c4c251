// WebAssembly, relaxed and plain: a training step of nano beside PyTorch, TensorFlow.js and jax-js, products beside our own native kernels.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { alternate, own, row } from '../lib/alternate.mjs';
import { machine } from '../lib/machine.mjs';
import { peer } from '../lib/peer.mjs';
import { layer, shape } from './gemm.mjs';

const BUILDS = ['relaxed', 'simd128'];
const PRODUCTS = [
  ...[1024, 2048].map((n) => ({ ...shape('square', n, n, n, 'nn'), name: `gemm ${n}` })),
  ...layer('nano qkv', 768, 128, 384),
  ...layer('nano up', 768, 128, 512),
  ...layer('mid qkv', 1024, 384, 1152),
  ...layer('mid up', 1024, 384, 1536),
];
/** Timed before and after the others: a round in which it is far from its best does not count. */
const PROBE = shape('square', 1024, 1024, 1024, 'nn');

const run = (file, args) => own(fileURLToPath(new URL(file, import.meta.url)), args);
/** A peer of this Node: one that does not run is left out with the reason. */
const may = (file, args) => {
  try {
    return run(file, args);
  } catch (error) {
    return { missing: /^\w*Error.*$/m.exec(error.message)?.[0] ?? error.message };
  }
};
/** The step's peers by what they are called when they are not there. TensorFlow.js needs about a second a step: it takes few. */
const STEP_PEERS = {
  'torch eager': (threads) => peer('torch_step.py', ['nano', 60, threads, 'eager']),
  'TensorFlow.js WASM': () => may('../peers/tfjs-step.mjs', ['nano', 6, 'plain']),
  'TensorFlow.js WASM, products by hand': () => may('../peers/tfjs-step.mjs', ['nano', 10, 'by-hand']),
  'jax-js WASM': (threads) => may('../peers/jax-js-step.mjs', ['nano', 20, threads]),
};

/** One row a build and peer; a peer that never ran keeps its name. */
const rowsOf = (about, name, build, kept, measure) =>
  Object.entries(kept.peers).map(([peerName, theirs]) => {
    const ours = kept.ours.map((builds) => builds[build]);
    const made = row({ ...about, case: `${name} ${build}`, device: ours[0].device }, ours, theirs, measure);
    return { ...made, peerName: made.peerName ?? peerName, leftOut: kept.left };
  });

const step = (builds, { about, rounds, say }) => {
  const { threads } = about;
  const ours = (build) => run('../lib/train-step.mjs', ['nano', 60, threads, `wasm-${build}`]);
  const kept = alternate(
    'nano',
    rounds,
    () => Object.fromEntries(builds.map((build) => [build, ours(build)])),
    Object.fromEntries(Object.entries(STEP_PEERS).map(([name, measured]) => [name, () => measured(threads)])),
    say,
  );
  if (kept.ours.length === 0) return [];
  const measure = { unit: 'ms', of: ({ milliseconds }) => milliseconds };
  return builds.flatMap((build) => rowsOf(about, 'nano', build, kept, measure));
};

const products = (wanted, { about, rounds, say }) => {
  const { threads } = about;
  const builds = BUILDS.filter((build) => wanted.some((product) => product.build === build));
  const shapes = PRODUCTS.filter(({ name }) => wanted.some((product) => product.name === name));
  const given = JSON.stringify([PROBE, ...shapes, PROBE].map(({ m, n, k, ta, tb }) => ({ m, n, k, ta, tb })));
  const args = (device) => [device, threads, given];
  const kept = alternate(
    'gemm',
    rounds,
    () => Object.fromEntries(builds.map((build) => [build, run('../lib/gemm.mjs', args(`wasm-${build}`))])),
    {
      'ingot native': () => {
        const { missing, device, gflops } = may('../lib/gemm.mjs', args('native'));
        // Its peak is recorded by instruction set and threads: one set is not measured against another's.
        return missing ? { missing } : { peer: device, gflops, gemm: [gflops[0], gflops.at(-1)] };
      },
    },
    say,
  );
  if (kept.ours.length === 0) return [];
  return wanted.map(({ name, build }) => {
    const at = 1 + shapes.findIndex((product) => product.name === name);
    const measure = { unit: 'GFLOP/s', smallerIsBetter: false, of: ({ gflops }) => gflops[at] };
    const [made] = rowsOf(about, name, build, kept, measure);
    return { ...made, peerName: 'ingot native', peerDevice: kept.peers['ingot native'][0]?.peer ?? null };
  });
};

/** Rows of milliseconds a step, and of GFLOP/s; `ratio` above 1 means that the WebAssembly build is better than the peer. */
export const bench = async ({ only, rounds, say }) => {
  const threads = Number(process.env.INGOT_THREADS ?? availableParallelism());
  const given = { about: { suite: 'wasm', threads, node: process.versions.node }, rounds, say };
  const picked = (name) => BUILDS.filter((build) => only === undefined || `${name} ${build}`.includes(only));
  const builds = picked('nano');
  const wanted = PRODUCTS.flatMap(({ name }) => picked(name).map((build) => ({ name, build })));
  if (builds.length === 0 && wanted.length === 0)
    throw new Error(`wanted a part of a case's name, for example 'nano relaxed' or 'gemm 1024', got ${only}`);
  say(machine());
  const rows = [
    ...(builds.length > 0 ? step(builds, given) : []),
    ...(wanted.length > 0 ? products(wanted, given) : []),
  ];
  if (rows.length === 0) say('no round counted; try again when the machine is quiet');
  return rows;
};
