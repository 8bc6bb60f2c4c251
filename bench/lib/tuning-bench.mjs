// The suites `sft` and `dpo`: writes the problem, alternates ours with the peers, holds the losses against each other, and makes the rows.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alternate, own, row } from './alternate.mjs';
import { TUNING, TUNING_BATCH, TUNING_WARMUP } from './cases.mjs';
import { machine } from './machine.mjs';
import { trlPeer } from './peer.mjs';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
/** Steps that are timed behind the warm-up; TRL takes seconds for one with a wide head. */
const TIMED = { mid: 10, wide: 5 };
const CASES = Object.keys(TUNING).flatMap((shape) =>
  ['full', 'lora'].map((what) => ({ shape, what, name: `${shape} ${what}` })),
);
/** How far the losses may lie apart: more is other work. */
const SAME = 1e-3;

const NAMED =
  'ours: rows packed without crossing attention, the head at scored positions alone and without its logits, the reference once before the first step with its time counted; nothing else is shared or skipped';

/** Rows of one method; `peers` maps a name to a run by the interpreter that has TRL, and to the shapes that it runs in, all unless said. Throws when a peer's losses are not ours. */
export const tuningBench = async (method, { only, rounds, say }, peers) => {
  const threads = Number(process.env.INGOT_THREADS ?? availableParallelism());
  const device = process.env.INGOT_DEVICE ?? 'native';
  const chosen = CASES.filter(({ name, shape }) => only === undefined || name === only || shape === only);
  if (chosen.length === 0) throw new Error(`wanted a case of ${CASES.map(({ name }) => name).join(', ')}, got ${only}`);
  say(machine());
  say(NAMED);
  const stepsOf = (shape) => TUNING_WARMUP + TIMED[shape];
  const folder = mkdtempSync(join(tmpdir(), 'ingot-tuning-'));
  try {
    const rows = [];
    for (const shape of new Set(chosen.map((one) => one.shape))) {
      const about = own(here('tuning-problem.mjs'), [shape, stepsOf(shape) * TUNING_BATCH, join(folder, shape)]);
      say(`${shape}: ${JSON.stringify(about)}`);
    }
    for (const { name, shape, what } of chosen) {
      const [at, steps] = [join(folder, shape), stepsOf(shape)];
      const kept = alternate(
        name,
        rounds,
        () => own(here('tune-steps.mjs'), [method, at, what, steps, device, threads]),
        Object.fromEntries(
          Object.entries(peers)
            .filter(([, { shapes = [shape] }]) => shapes.includes(shape))
            .map(([peer, { run }]) => [peer, () => run(trlPeer, [at, what, steps, threads])]),
        ),
        say,
      );
      if (kept.ours.length === 0) {
        say(`${name}: no round counted; try again when the machine is quiet`);
        continue;
      }
      const [{ device: on, losses }] = kept.ours;
      for (const [peer, runs] of Object.entries(kept.peers)) {
        if (runs.length === 0 && Object.values(kept.peers).some((others) => others.length > 0)) continue;
        const [first] = runs;
        if (first) {
          // An adapter's A is drawn by each peer for itself, so only its first loss is the same.
          for (const step of what === 'full' ? [0, 1] : [0]) {
            const [mine, theirs] = [losses[step], first.losses[step]];
            say(`${name}: loss of step ${step + 1} ${mine.toFixed(6)}, ${peer} ${theirs.toFixed(6)}`);
            if (!(Math.abs(mine - theirs) < SAME))
              throw new Error(`${name}, step ${step + 1}: wanted ${peer}'s loss ${theirs} to ${SAME}, got ${mine}`);
          }
        }
        rows.push(
          row({ suite: method, case: name, against: first ? peer : null, device: on, threads }, kept.ours, runs, {
            unit: 'us/token',
            of: ({ microsecondsPerToken }) => microsecondsPerToken,
          }),
        );
        if (!first) break;
      }
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
