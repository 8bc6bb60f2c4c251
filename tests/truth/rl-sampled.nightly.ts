// Every online method whose optimum is the closed form, as a stage on sampled answers of three tiny worlds: the more answers, the nearer.
import { expect, test } from 'vitest';
import { sampledCurve, sampledMethods, type SampledName } from './rl-curves.js';

/** Rounds of 256 answers: four times as many, and again; on the first world once more. */
const rounds = [40, 160, 640];
const more = 2560;
const names = Object.keys(sampledMethods) as SampledName[];
/**
 * KL in nats after 163,840 answers, and at the end of the first world. There 0.025 to 0.029 were seen, 0.185 for online DPO, and 0.008 to 0.010 and 0.055 at
 * the end; the second world is slower (RLOO after 40,960 answers: 0.141 against 0.079), so that the first bound is wide.
 */
const within = {
  rloo: { most: 0.1, end: 0.015 },
  reinforce: { most: 0.1, end: 0.015 },
  grpo: { most: 0.1, end: 0.015 },
  ppo: { most: 0.1, end: 0.03 },
  'online-dpo': { most: 0.4, end: 0.08 },
} satisfies Record<SampledName, unknown>;

test.each([1, 2, 3].flatMap((seed) => names.map((name) => [name, seed] as const)))(
  '%s, seed %i: KL falls with the answers',
  async (name, seed) => {
    const kls = await sampledCurve(name, seed, seed === 1 ? [...rounds, more] : rounds);
    kls.slice(1).forEach((kl, i) => expect(kl).toBeLessThan(kls[i]!));
    expect(kls[rounds.length]!).toBeLessThan(within[name].most);
    if (seed === 1) expect(kls.at(-1)!).toBeLessThan(within[name].end);
  },
);
