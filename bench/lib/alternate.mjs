// Ours and the peer's in alternating processes. A round counts when the peer's own GEMM was near its recorded peak before and after it.
import { spawnSync } from 'node:child_process';
import { median } from './machine.mjs';
import { NEAR, recordPeak } from './peaks.mjs';

/** What a Node script of bench/ prints as its one JSON object. Throws with its last words when it fails. */
export const own = (script, args, env = {}) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args.map(String)], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`${script} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
};

const spread = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  return [sorted[0], sorted.at(-1)];
};

/**
 * Runs `rounds` times ours, then each peer; gives the results of the rounds that count: { ours: [], peers: { name: [] }, left }.
 * A peer's result may hold `gemm: [before, after]` in GFLOP/s, `gemmOf`, whose products they are where its own name does not say it, and `missing`, its reason not to run.
 */
export const alternate = (label, rounds, ours, peers, say) => {
  const kept = { ours: [], peers: Object.fromEntries(Object.keys(peers).map((name) => [name, []])), left: 0 };
  const absent = new Set();
  for (let round = 1; round <= rounds; round++) {
    const mine = ours();
    const theirs = Object.entries(peers).map(([name, run]) => [name, absent.has(name) ? { missing: '' } : run()]);
    let steady = true;
    for (const [name, result] of theirs) {
      if ('missing' in result) {
        if (!absent.has(name)) say(`${label}: ${name} is left out: ${result.missing}`);
        absent.add(name);
      } else if (result.gemm) {
        const peak = recordPeak(result.gemmOf ?? result.peer, ...result.gemm);
        const [before, after] = result.gemm;
        if (Math.min(before, after) < NEAR * peak) {
          steady = false;
          say(
            `${label}, round ${round}: left out, ${result.peer}'s GEMM was at ${before.toFixed(0)} then ${after.toFixed(0)} of ${peak.toFixed(0)} GFLOP/s`,
          );
        }
      }
    }
    if (!steady) {
      kept.left++;
      continue;
    }
    kept.ours.push(mine);
    for (const [name, result] of theirs) if (!('missing' in result)) kept.peers[name].push(result);
  }
  return kept;
};

const digits = (number) => (number === null ? null : Number(number.toPrecision(4)));

/** One row of a report: medians and spread; `ratio` above 1 means that ours is better. */
export const row = (about, ours, theirs, { unit, smallerIsBetter = true, of }) => {
  const mine = ours.map(of);
  const other = theirs.map(of);
  const value = median(mine);
  const peer = other.length > 0 ? median(other) : null;
  const bytes = (runs, field) => (runs.some((run) => run[field]) ? median(runs.map((run) => run[field])) : null);
  return {
    ...about,
    unit,
    ours: digits(value),
    oursFromTo: spread(mine).map(digits),
    peerName: theirs[0]?.peer ?? null,
    peer: digits(peer),
    peerFromTo: other.length > 0 ? spread(other).map(digits) : null,
    ratio: peer === null ? null : digits(smallerIsBetter ? peer / value : value / peer),
    ourPeakBytes: bytes(ours, 'peakBytes'),
    ourAboveIdleBytes: bytes(ours, 'aboveIdleBytes'),
    peerPeakBytes: bytes(theirs, 'peakBytes'),
    peerAboveIdleBytes: bytes(theirs, 'aboveIdleBytes'),
    rounds: ours.length,
  };
};
