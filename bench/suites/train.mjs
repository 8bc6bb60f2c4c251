// A whole training step beside PyTorch's, eager and compiled: the better of the two is the peer.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { alternate, own, row } from '../lib/alternate.mjs';
import { machine, median } from '../lib/machine.mjs';
import { peer } from '../lib/peer.mjs';

/** Steps that are timed, and the floating-point operations of one: 6 a weight and token, with 12·L·T·d a token for attention's scores. */
const CASES = { nano: 200, seed: 12, mid: 12, gpt2: 4 };
const script = fileURLToPath(new URL('../lib/train-step.mjs', import.meta.url));

/** Rows of milliseconds a step, GFLOP/s, share of the peer's GEMM peak, and bytes. */
export const bench = async ({ only, rounds, say }) => {
  const threads = Number(process.env.INGOT_THREADS ?? availableParallelism());
  const device = process.env.INGOT_DEVICE ?? 'native';
  say(machine());
  const names = Object.keys(CASES).filter((name) => only === undefined || name === only);
  if (names.length === 0) throw new Error(`wanted a case of ${Object.keys(CASES).join(', ')}, got ${only}`);
  const rows = [];
  for (const name of names) {
    const steps = CASES[name];
    const kept = alternate(
      name,
      rounds,
      () => own(script, [name, steps, threads, device]),
      {
        eager: () => peer('torch_step.py', [name, steps, threads, 'eager']),
        compile: () => peer('torch_step.py', [name, steps, threads, 'compile']),
      },
      say,
    );
    if (kept.ours.length === 0) {
      say(`${name}: no round counted; try again when the machine is quiet`);
      continue;
    }
    const ways = Object.values(kept.peers).filter((runs) => runs.length > 0);
    const of = ({ milliseconds }) => milliseconds;
    const [better = []] = ways.toSorted((a, b) => median(a.map(of)) - median(b.map(of)));
    const rates = better.flatMap(({ gemm }) => gemm);
    const gflops = kept.ours[0].flops / median(kept.ours.map(of)) / 1e6;
    // Memory is judged against eager, which holds less than compile.
    const eager = kept.peers.eager.length > 0 ? kept.peers.eager : better;
    const made = row({ suite: 'train', case: name, device: kept.ours[0].device, threads }, kept.ours, better, {
      unit: 'ms',
      of,
    });
    rows.push({
      ...made,
      peerPeakBytes: eager.length > 0 ? median(eager.map(({ peakBytes }) => peakBytes)) : null,
      peerAboveIdleBytes: eager.length > 0 ? median(eager.map(({ aboveIdleBytes }) => aboveIdleBytes)) : null,
      gflops: Math.round(gflops),
      shareOfPeak: rates.length > 0 ? Number((gflops / Math.max(...rates)).toFixed(2)) : null,
      leftOut: kept.left,
    });
  }
  return rows;
};
