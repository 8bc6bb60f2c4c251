// Greedy decoding of GPT-2 small (random weights) with a key-value cache, beside transformers: tokens per second after a short prompt.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { alternate, own, row } from '../lib/alternate.mjs';
import { machine } from '../lib/machine.mjs';
import { peer } from '../lib/peer.mjs';

const script = fileURLToPath(new URL('../lib/decode.mjs', import.meta.url));
/** Sequences, tokens of the prompt, tokens that are made. */
const CASES = { 'batch 1': [1, 16, 48], 'batch 8': [8, 16, 32] };

/** Rows of tokens per second. */
export const bench = async ({ only, rounds, say }) => {
  const threads = Number(process.env.INGOT_THREADS ?? availableParallelism());
  const device = process.env.INGOT_DEVICE ?? 'native';
  say(machine());
  const rows = [];
  for (const [name, shape] of Object.entries(CASES)) {
    if (only !== undefined && name !== only) continue;
    const kept = alternate(
      name,
      rounds,
      () => own(script, [device, threads, ...shape]),
      { transformers: () => peer('transformers_decode.py', [threads, ...shape]) },
      say,
    );
    if (kept.ours.length === 0) say(`${name}: no round counted; try again when the machine is quiet`);
    else
      rows.push(
        row({ suite: 'decode', case: name, device: kept.ours[0].device, threads }, kept.ours, kept.peers.transformers, {
          unit: 'tokens/s',
          smallerIsBetter: false,
          of: ({ tokensPerSecond }) => tokensPerSecond,
        }),
      );
  }
  return rows;
};
