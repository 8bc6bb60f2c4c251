// Ten steps of PPO and ten of GRPO on recorded answers follow an independent PyTorch script (bench/peers/online_trajectories.py): losses to 1e-4 of max(1, |x|),
// and so every parameter's sum and norm at the end. The keys' biases are left out: their gradient is rounding, of which Adam makes whole steps.
import { readFileSync } from 'node:fs';
import { gptDesign, gptFamily } from '@ingot/model-gpt';
import { noGrad, ParameterTree, plainWeights, referenceDevice, scope } from '@ingot/tensor';
import { adamw, updateStep } from '@ingot/training';
import { expect, test } from 'vitest';
import { klEstimates } from '../estimators/kl.js';
import { policyLosses } from '../losses/table.js';
import { judgeByCritic, judgeGroups } from './judge-round.js';
import { learnFrom } from './learn.js';
import type { OnlineMethod } from './methods.js';
import type { Round } from './round.js';
import { scoreAnswers, valueHead } from './score.js';
import { tokenizer } from '../world.fixture.js';

interface Recorded {
  readonly losses: readonly number[];
  readonly ends: Readonly<Record<string, readonly [number, number]>>;
}
type Answers = readonly { readonly prompt: number[]; readonly answer: number[]; readonly reward: number }[];
const golden = JSON.parse(readFileSync(new URL('../fixtures/online-trajectories.json', import.meta.url), 'utf8')) as {
  readonly rounds: readonly Answers[];
  readonly ppo: Recorded;
  readonly grpo: Recorded;
};
const device = referenceDevice();
const [TIMES, BETA, WIDTH] = [2, 0.1, 16];
const design = gptDesign(
  { layers: 2, heads: 2, width: WIDTH, context: 24, gelu: 'tanh', preset: 'minigpt' },
  tokenizer,
);

/** Parameter q, number j: 0.2 sin(1 + 0.37 j + 1.7 q), plus 1 for the weights of norms; a value head of zeros. */
function stated(critic: boolean): ParameterTree {
  const specs = gptFamily.parameters(design);
  const tree = ParameterTree.create(device, [...specs, ...(critic ? valueHead(WIDTH) : [])]);
  specs.forEach(({ name }, q) => {
    const parameter = tree.get(name);
    const shift = /norm\d?\.weight$/.test(name) ? 1 : 0;
    parameter.load(
      Float32Array.from({ length: parameter.size }, (_, j) =>
        Math.fround(Math.fround(0.2 * Math.sin(1 + 0.37 * j + 1.7 * q)) + shift),
      ),
    );
  });
  return tree;
}
const liveOf = (tree: ParameterTree) => ({ device, family: gptFamily, design, weights: plainWeights(tree) });

const methods: Readonly<Record<'ppo' | 'grpo', OnlineMethod>> = {
  ppo: {
    loss: policyLosses.ppo,
    lossOptions: {},
    critic: { valueHead: 'shared', valueWeight: 0.1, valueClip: 0.2 },
    judge: judgeByCritic({ gamma: 1, lambda: 0.95, whitenRewards: false, whitenAdvantages: true }),
  },
  grpo: { loss: policyLosses.grpo, lossOptions: {}, judge: judgeGroups('group') },
};

test.each(['ppo', 'grpo'] as const)('%s', (name) => {
  const method = methods[name];
  const [tree, before] = [stated(name === 'ppo'), stated(false)];
  const [live, reference] = [liveOf(tree), liveOf(before)];
  const optimiser = adamw({ lr: 3e-3, weightDecay: 0, beta2: 0.999 }).start(tree);
  const losses = golden.rounds.flatMap((answers, number) => {
    const sequences = answers.map(({ prompt, answer }) => ({
      ids: Int32Array.from([...prompt, ...answer]),
      from: prompt.length,
    }));
    const host = (of: typeof live, what: 'tokens' | 'values') =>
      noGrad(() =>
        scope(() => Float32Array.from(scoreAnswers(of, sequences, { values: what === 'values' })[what]!.read())),
      );
    const [old, start] = [host(live, 'tokens'), host(reference, 'tokens')];
    const values = method.critic && host(live, 'values');
    const lengths = answers.map(({ answer }) => answer.length);
    const judged = method.judge({
      scores: Float64Array.from(answers, ({ reward }) => reward),
      kl: klEstimates(old, start, 'k1'),
      lengths,
      generations: name === 'grpo' ? 4 : 1,
      beta: name === 'ppo' ? BETA : 0,
      draws: new Float64Array(answers.length),
      ...(values && { values }),
    });
    let at = 0;
    const round: Round = {
      step: number * TIMES,
      rollouts: sequences.map((one, row) => ({
        ...one,
        row,
        text: '',
        ended: true,
        logProbabilities: old.slice(at, (at += lengths[row]!)),
      })),
      old,
      reference: start,
      advantages: judged.advantages,
      ...(values && { values }),
      ...(judged.returns && { returns: judged.returns }),
      numbers: {},
    };
    return Array.from({ length: TIMES }, (_, update) => {
      const how = {
        method,
        beta: name === 'grpo' ? BETA : 0,
        maxTokens: 7,
        entropyBonus: 0,
        miniBatches: 1,
        microBatch: 3,
        seed: 1,
        stage: name,
      };
      const step = { stage: name, step: round.step + update, factor: 1, clip: 1, anomaly: false };
      return updateStep({ parameters: tree, optimiser }, step, () => learnFrom({ policy: live }, round, update, how))
        .loss;
    });
  });
  const { losses: wanted, ends } = golden[name];
  const far = (a: number, b: number): number => Math.abs(a - b) / Math.max(1, Math.abs(b));
  expect(losses).toHaveLength(10);
  const worst = Math.max(...losses.map((loss, i) => far(loss, wanted[i]!)));
  const worstEnd = Math.max(
    ...Object.entries(ends).flatMap(([parameter, [sum, norm]]) => {
      const numbers = Array.from(tree.get(parameter).read());
      const felt = parameter.endsWith('qkv.bias') ? [...numbers.slice(0, WIDTH), ...numbers.slice(2 * WIDTH)] : numbers;
      return [
        far(
          felt.reduce((a, b) => a + b, 0),
          sum,
        ),
        far(Math.hypot(...felt), norm),
      ];
    }),
  );
  if (process.env['INGOT_TELL']) console.log(name, worst.toExponential(1), worstEnd.toExponential(1), wanted);
  expect(worst).toBeLessThan(1e-4);
  expect(worstEnd).toBeLessThan(1e-4);
  // The steps are no small ones: the losses move.
  expect(Math.max(...wanted) - Math.min(...wanted)).toBeGreaterThan(0.05);
});
