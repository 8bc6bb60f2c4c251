// nanoGPT's CPU run beside PyTorch's: 2,000 steps on tinyshakespeare with three seeds, the loss on the whole validation split, seconds in all.
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../../scripts/lib/run.mjs';
import { alternate, own, row } from '../lib/alternate.mjs';
import { machine } from '../lib/machine.mjs';
import { peer } from '../lib/peer.mjs';

const script = fileURLToPath(new URL('../lib/nanogpt.mjs', import.meta.url));
const STEPS = 2000;
/** nanoGPT's README prints 1.88 on random batches of the split; ours and the peer's are means over all of it. */
const SEEDS = [1, 2, 3];

/** Rows of seconds and validation loss, one a seed. */
export const bench = async ({ only, say }) => {
  const text = process.env.INGOT_SHAKESPEARE ?? join(root, '..', 'shared', 'data', 'corpora', 'tinyshakespeare.txt');
  if (!existsSync(text)) throw new Error(`wanted tinyshakespeare at ${text}; set INGOT_SHAKESPEARE to its place`);
  const threads = Number(process.env.INGOT_THREADS ?? availableParallelism());
  const device = process.env.INGOT_DEVICE ?? 'native';
  say(machine());
  const rows = [];
  for (const seed of SEEDS) {
    const name = `seed ${seed}`;
    if (only !== undefined && only !== name) continue;
    const kept = alternate(
      name,
      1,
      () => own(script, [text, seed, STEPS, device, threads]),
      { torch: () => peer('torch_nanogpt.py', [text, seed, STEPS, threads]) },
      say,
    );
    if (kept.ours.length === 0) {
      say(`${name}: the round does not count; try again when the machine is quiet`);
      continue;
    }
    rows.push({
      ...row({ suite: 'nanogpt', case: name, device: kept.ours[0].device, threads }, kept.ours, kept.peers.torch, {
        unit: 's',
        of: ({ seconds }) => seconds,
      }),
      validationLoss: kept.ours[0].validationLoss,
      peerValidationLoss: kept.peers.torch[0]?.validationLoss ?? null,
    });
  }
  return rows;
};
