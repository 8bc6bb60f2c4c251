// A GRPO and a PPO step beside TRL's GRPOTrainer and a plain PyTorch script: the same model, prompts, answers and lengths; tokens a second of generation, of the update, and of both.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alternate, own, row } from '../lib/alternate.mjs';
import { RL, TUNING } from '../lib/cases.mjs';
import { machine } from '../lib/machine.mjs';
import { trlPeer } from '../lib/peer.mjs';

const here = (file) => fileURLToPath(new URL(`../lib/${file}`, import.meta.url));
const CASES = Object.keys(RL.methods).flatMap((method) =>
  Object.keys(TUNING).flatMap((shape) =>
    ['full', 'lora'].map((what) => ({ method, shape, what, name: `${method} ${shape} ${what}` })),
  ),
);
/** TRL 1.16 has no PPO any more, trl.experimental included. */
const PEERS = {
  grpo: {
    TRL: (at, what, threads) => trlPeer('trl_grpo.py', [at, what, threads]),
    PyTorch: (at, what, threads) => trlPeer('torch_rl.py', ['grpo', at, what, threads]),
  },
  ppo: { PyTorch: (at, what, threads) => trlPeer('torch_rl.py', ['ppo', at, what, threads]) },
};
/** What is told of a round: tokens made a second of generation; tokens fed a second of all that follows; tokens made a second of both. */
const PARTS = ['generation', 'update', 'whole'];
const NAMED =
  'ours: a prompt is read once for all of its answers, log-probabilities and values come with the answers, answers of like lengths meet the model together; reference and beta (GRPO 0.04 in the loss, PPO 0.05 in the reward) are the same for all';

/** Rows of tokens a second against each peer, and bytes. Throws when a peer was fed or made other numbers of tokens. */
export const bench = async ({ only, rounds, say }) => {
  const threads = Number(process.env.INGOT_THREADS ?? availableParallelism());
  const device = process.env.INGOT_DEVICE ?? 'native';
  const chosen = CASES.filter((one) => only === undefined || [one.name, one.shape, one.method].includes(only));
  if (chosen.length === 0) throw new Error(`wanted a case of ${CASES.map(({ name }) => name).join(', ')}, got ${only}`);
  say(machine());
  say(NAMED);
  const folder = mkdtempSync(join(tmpdir(), 'ingot-rl-'));
  const most = Math.max(...Object.values(RL.methods).map(({ prompts }) => prompts)) * (RL.warmup + RL.timed);
  try {
    for (const shape of new Set(chosen.map((one) => one.shape)))
      say(`${shape}: ${JSON.stringify(own(here('rl-problem.mjs'), [shape, most, join(folder, shape)]))}`);
    const rows = [];
    for (const { method, shape, what, name } of chosen) {
      const at = join(folder, shape);
      const kept = alternate(
        name,
        rounds,
        () => own(here('rl-steps.mjs'), [method, at, what, device, threads]),
        Object.fromEntries(Object.entries(PEERS[method]).map(([peer, run]) => [peer, () => run(at, what, threads)])),
        say,
      );
      if (kept.ours.length === 0) {
        say(`${name}: no round counted; try again when the machine is quiet`);
        continue;
      }
      const [mine] = kept.ours;
      if (mine.mismatch !== 0) throw new Error(`${name}: wanted a mismatch of 0, got ${mine.mismatch}`);
      const there = Object.entries(kept.peers).filter(([, runs]) => runs.length > 0);
      for (const [peer, runs] of there)
        for (const count of ['made', 'fed'])
          if (runs[0][count] !== mine[count])
            throw new Error(`${name}: wanted ${peer}'s ${runs[0][count]} tokens ${count}, got ${mine[count]}`);
      for (const [peer, runs] of there.length > 0 ? there : [[null, []]])
        for (const part of PARTS)
          rows.push(
            row({ suite: 'rl', case: name, part, against: peer, device: mine.device, threads }, kept.ours, runs, {
              unit: 'tokens/s',
              smallerIsBetter: false,
              of: (one) => one[part],
            }),
          );
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
