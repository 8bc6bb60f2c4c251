// Causal attention, forward and backward, beside PyTorch's scaled_dot_product_attention; its memory must grow with T and not with T².
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { alternate, own, row } from '../lib/alternate.mjs';
import { machine, median } from '../lib/machine.mjs';
import { peer } from '../lib/peer.mjs';

const script = fileURLToPath(new URL('../lib/attention.mjs', import.meta.url));
/** B, T, H, D, at the shapes of the training cases and with 4,096 positions in all. */
const CASES = {
  nano: [12, 64, 4, 32],
  mid: [4, 256, 6, 64],
  gpt2: [4, 64, 12, 64],
  'T 512': [8, 512, 8, 64],
  'T 1024': [4, 1024, 8, 64],
  'T 2048': [2, 2048, 8, 64],
  'T 4096': [1, 4096, 8, 64],
};

/** Rows of milliseconds, GFLOP/s and bytes. */
export const bench = async ({ only, rounds, say }) => {
  const threads = Number(process.env.INGOT_THREADS ?? availableParallelism());
  const device = process.env.INGOT_DEVICE ?? 'native';
  say(machine());
  const rows = [];
  for (const [name, shape] of Object.entries(CASES)) {
    if (only !== undefined && name !== only) continue;
    const repeats = shape[1] >= 1024 ? 7 : 30;
    const kept = alternate(
      name,
      rounds,
      () => own(script, [device, threads, repeats, ...shape]),
      { torch: () => peer('torch_attention.py', [threads, repeats, ...shape]) },
      say,
    );
    if (kept.ours.length === 0) {
      say(`${name}: no round counted; try again when the machine is quiet`);
      continue;
    }
    const of = ({ milliseconds }) => milliseconds;
    rows.push({
      ...row({ suite: 'attention', case: name, device: kept.ours[0].device, threads }, kept.ours, kept.peers.torch, {
        unit: 'ms',
        of,
      }),
      gflops: Math.round(kept.ours[0].flops / median(kept.ours.map(of)) / 1e6),
      devicePeakBytes: kept.ours[0].devicePeakBytes,
    });
  }
  return rows;
};
