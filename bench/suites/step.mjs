// A whole training step beside PyTorch's, in alternating runs; a round counts when PyTorch's own GEMM is as fast after it as before.
// Ours is the median of the rounds, PyTorch's its fastest: what disturbs a run must not count for us.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { availableParallelism } from 'node:os';
import { machine, median } from '../lib/machine.mjs';
import { peer } from '../lib/peer.mjs';

const CASES = ['nano', 'seed', 'mid', 'gpt2'];
const STEPS = { nano: 60, seed: 12, mid: 12, gpt2: 4 };
const script = fileURLToPath(new URL('../lib/train-step.mjs', import.meta.url));
/** A round is noise when the peer's GEMM changed by more than this during it. */
const STEADY = 0.8;

const ours = (name, threads, device) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [script, name, String(STEPS[name]), String(threads), device],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`train-step.mjs ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
};

/** Rows of milliseconds and ratios, one a case. */
export const bench = async ({ only, rounds, say }) => {
  const threads = Number(process.env.INGOT_THREADS ?? availableParallelism());
  const device = process.env.INGOT_DEVICE ?? 'native';
  say(machine());
  const rows = [];
  for (const name of only ? [only] : CASES) {
    const own = [];
    const theirs = [];
    let about = {};
    for (let round = 0; round < rounds; round++) {
      const mine = ours(name, threads, device);
      const other = peer('torch_step.py', [name, STEPS[name], threads]);
      if (other.missing) say(other.missing);
      const steady =
        !other.missing &&
        Math.min(other.gemmBefore, other.gemmAfter) > STEADY * Math.max(other.gemmBefore, other.gemmAfter);
      say(
        `${name}, round ${round + 1}: ${mine.device} ${mine.milliseconds.toFixed(1)} ms${other.missing ? '' : `, ${other.peer} ${other.milliseconds.toFixed(1)} ms, its GEMM ${other.gemmBefore.toFixed(0)} then ${other.gemmAfter.toFixed(0)} GFLOP/s${steady ? '' : ': not steady, left out'}`}`,
      );
      if (!other.missing && !steady) continue;
      own.push(mine.milliseconds);
      if (!other.missing) theirs.push(other.milliseconds);
      about = {
        device: mine.device,
        peakMB: Math.round(mine.peakBytes / 1e6),
        aboveIdleMB: Math.round(mine.aboveIdleBytes / 1e6),
        peer: other.peer ?? 'none',
      };
    }
    if (own.length === 0) {
      say(`${name}: no steady round; try again when the machine is quiet`);
      continue;
    }
    rows.push({
      case: name,
      rounds: own.length,
      milliseconds: Number(median(own).toFixed(1)),
      ...(theirs.length
        ? {
            peerMilliseconds: Number(Math.min(...theirs).toFixed(1)),
            timesFaster: Number((Math.min(...theirs) / median(own)).toFixed(2)),
          }
        : {}),
      ...about,
    });
  }
  return rows;
};
