// How a training step grows: milliseconds a token and bytes for longer rows at as many tokens a step, and for wider models.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { alternate, own, row } from '../lib/alternate.mjs';
import { machine } from '../lib/machine.mjs';
import { peer } from '../lib/peer.mjs';

const script = fileURLToPath(new URL('../lib/train-step.mjs', import.meta.url));
/** V, d, L, h, T, B: 4,096 tokens a step for T, 1,024 for d. */
const CASES = Object.fromEntries([
  ...[256, 512, 1024, 2048, 4096].map((T) => [`T ${T}`, [65, 256, 4, 4, T, 4096 / T]]),
  ...[128, 256, 512, 1024].map((d) => [`d ${d}`, [65, d, 4, d / 64, 256, 4]]),
]);
/** The largest are measured once. */
const LARGEST = new Set(['T 4096', 'd 1024']);

/** Rows of microseconds a token, ours and PyTorch's, with bytes above idle. */
export const bench = async ({ only, rounds, say }) => {
  const threads = Number(process.env.INGOT_THREADS ?? availableParallelism());
  const device = process.env.INGOT_DEVICE ?? 'native';
  say(machine());
  const rows = [];
  for (const [name, shape] of Object.entries(CASES)) {
    if (only !== undefined && name !== only) continue;
    const [, , , , T, B] = shape;
    const steps = LARGEST.has(name) ? 3 : 6;
    const kept = alternate(
      name,
      LARGEST.has(name) ? 1 : rounds,
      () => own(script, [JSON.stringify(shape), steps, threads, device]),
      { torch: () => peer('torch_step.py', [JSON.stringify(shape), steps, threads, 'eager']) },
      say,
    );
    if (kept.ours.length === 0) say(`${name}: no round counted; try again when the machine is quiet`);
    else
      rows.push({
        ...row({ suite: 'growth', case: name, device: kept.ours[0].device, threads }, kept.ours, kept.peers.torch, {
          unit: 'us/token',
          of: ({ milliseconds }) => (milliseconds * 1000) / (T * B),
        }),
        devicePeakBytes: kept.ours[0].devicePeakBytes,
      });
  }
  return rows;
};
