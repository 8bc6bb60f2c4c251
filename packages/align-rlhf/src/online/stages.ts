// The online methods as stages of the role `Align`: thin, over one loop. Each swaps with the others, and with `dpo`, by one word.
import { Installed, replayed, type StageEvent } from '@ingot/core';
import { Align, Device, Family, Prompts, type DesignValue, type ModelValue } from '@ingot/contracts';
import * as z from 'zod';
import { policyLosses } from '../losses/table.js';
import { judgeBaseline, judgeBest, judgeByCritic, judgeGroups, judgeLeaveOneOut, judgePairs } from './judge-round.js';
import type { OnlineMethod } from './methods.js';
import { onlineOptions, onlineView, type OnlineDefaults, type OnlineOptions } from './options.js';
import { alignOnline, type OnlineRequest } from './run.js';

const needs = { device: Device, installed: Installed };
type Given = Omit<OnlineRequest, 'stage' | 'method'>;

async function* aligned(
  stage: string,
  method: OnlineMethod,
  context: Given,
): AsyncGenerator<StageEvent, { model: ModelValue }, void> {
  const model = yield* alignOnline({ ...context, stage, method });
  return context.replay === undefined ? { model } : replayed;
}

/** Bytes of an update over its answers at full length, and of the copies beside the policy. Undefined until the design is known. */
async function estimate({
  options,
  inputs,
  installed,
}: {
  readonly options: unknown;
  readonly inputs: { readonly model?: { readonly design: DesignValue } };
  readonly installed: Installed;
}) {
  const { design } = inputs.model ?? {};
  if (!design) return undefined;
  const { batch, generations, microBatch, adapter, reference, steps } = options as OnlineOptions;
  const family = await installed.make(Family, design.family);
  const answers = batch * generations;
  const { parameters, trainingBytes, flopsPerToken } = family.estimate(design, microBatch ?? answers, design.context);
  const copies = adapter || reference === 'none' ? 0 : 1;
  return {
    bytes: trainingBytes + 4 * parameters * copies,
    // A third of a training pass each for generation and the reference, at the context's length.
    flops: (steps ?? 100) * answers * design.context * flopsPerToken * (1 + 2 / 3),
  };
}

/** A stage of one method whose options stand beside the loop's: a method of one's own becomes a stage by this. */
export const onlineMethod = <const Name extends string, Options extends z.ZodRawShape>(
  name: Name,
  given: OnlineDefaults & { readonly options: Options },
  make: (options: z.output<z.ZodObject<Options, z.core.$strict>> & OnlineOptions) => OnlineMethod,
) =>
  Align.stage({
    name,
    version: 1,
    ports: { feedback: Prompts },
    needs,
    options: z.strictObject({ ...onlineOptions(given), ...given.options }),
    view: z.strictObject(onlineView),
    draws: true,
    computes: true,
    replays: true,
    estimate,
    run: (context) => {
      const options = context.options as unknown as z.output<z.ZodObject<Options, z.core.$strict>> & OnlineOptions;
      return aligned(name, make(options), context as unknown as Given);
    },
  });

const LR = 1e-6;
const epsilon = z
  .number()
  .gt(0)
  .lt(1)
  .default(0.2)
  .describe('how far the ratio may fall, and rise, before its gradient stops');
const epsilonHigh = z
  .number()
  .positive()
  .optional()
  .describe('how far it may rise; epsilon unless said, 0.28 for clip-higher');
/** Options without those that are not said. */
const clipOf = ({ epsilon: low, epsilonHigh: high }: { epsilon: number; epsilonHigh?: number | undefined }) => ({
  epsilon: low,
  ...(high !== undefined && { epsilonHigh: high }),
});

/** GRPO and its variants by `loss`: answers are compared with the others to the same prompt. Shao et al. 2024. */
export const grpo = onlineMethod(
  'grpo',
  {
    lr: LR,
    generations: 8,
    beta: 0,
    kl: 'loss',
    options: {
      loss: z
        .enum(['grpo', 'bnpo', 'dr-grpo', 'dapo', 'gspo', 'cispo', 'sapo', 'luspo', 'vespo'])
        .default('dapo')
        .describe('how ratios become a loss, and tokens a mean'),
      scale: z.enum(['group', 'batch', 'none']).default('group').describe('what r − mean is divided by'),
      epsilon,
      epsilonHigh,
      ratioCap: z.number().gt(1).optional().describe('a bound on the ratio that is not clipped'),
      ratioLimit: z.number().gt(1).default(5).describe('cispo: the largest ratio that counts'),
    },
  },
  (options) => ({
    loss: policyLosses[options.loss],
    lossOptions: {
      ...clipOf(options),
      ratioLimit: options.ratioLimit,
      ...(options.ratioCap !== undefined && { ratioCap: options.ratioCap }),
      ...(options.kl === 'loss' && options.klEstimator === 'k2' && { klEstimator: 'k2' as const }),
    },
    judge: judgeGroups(options.scale),
  }),
);

/** RLOO: the baseline is the mean of the other answers, the KL stands in the reward. Ahmadian et al. 2024. */
export const rloo = onlineMethod(
  'rloo',
  { lr: LR, generations: 4, beta: 0.05, kl: 'reward', options: { epsilon, epsilonHigh } },
  (options) => ({ loss: policyLosses.rloo, lossOptions: clipOf(options), judge: judgeLeaveOneOut }),
);

/** REINFORCE with a baseline. Williams 1992. */
export const reinforce = onlineMethod(
  'reinforce',
  {
    lr: LR,
    generations: 1,
    beta: 0.05,
    kl: 'reward',
    options: {
      baseline: z
        .enum(['batch', 'running', 'none'])
        .default('batch')
        .describe("what a reward is compared with: the round's other answers, a running mean, nothing"),
    },
  },
  (options) => ({ loss: policyLosses.reinforce, lossOptions: {}, judge: judgeBaseline(options.baseline) }),
);

/** PPO with a critic. Schulman et al. 2017; Ouyang et al. 2022. Defaults are those of TRL's last PPO trainer. */
export const ppo = onlineMethod(
  'ppo',
  {
    lr: 3e-6,
    generations: 1,
    beta: 0.05,
    kl: 'reward',
    iterations: 4,
    options: {
      epsilon,
      epsilonHigh,
      valueHead: z
        .enum(['shared', 'separate'])
        .default('shared')
        .describe("a head on the policy's trunk, or a model of its own"),
      valueWeight: z.number().min(0).default(0.1).describe("weight of the critic's loss"),
      valueClip: z
        .number()
        .positive()
        .nullable()
        .default(0.2)
        .describe('how far a value may move before its gradient stops; null for any'),
      gamma: z.number().gt(0).max(1).default(1).describe('what a later reward is worth'),
      lambda: z.number().min(0).max(1).default(0.95).describe('from the critic alone (0) to the rewards alone (1)'),
      whitenRewards: z.boolean().default(false).describe('divide rewards of tokens by their deviation'),
      whitenAdvantages: z.boolean().default(true).describe('advantages of mean 0 and deviation 1'),
    },
  },
  (options) => ({
    loss: policyLosses.ppo,
    lossOptions: clipOf(options),
    critic: {
      valueHead: options.valueHead,
      valueWeight: options.valueWeight,
      valueClip: options.valueClip ?? undefined,
    },
    judge: judgeByCritic(options),
  }),
);

/** Online DPO: two answers, the better one told by the reward, DPO's loss. Guo et al. 2024. */
export const onlineDpo = onlineMethod(
  'online-dpo',
  {
    lr: 5e-7,
    generations: 2,
    beta: 0.1,
    kl: 'loss',
    options: {
      loss: z.enum(['sigmoid', 'ipo']).default('sigmoid').describe('of the pair'),
      labels: z
        .enum(['best', 'drawn', 'soft'])
        .default('best')
        .describe(
          "the larger reward wins; drawn from σ of the difference (the optimum is then RLHF's); or that as a soft label",
        ),
    },
  },
  (options) => ({
    loss: policyLosses.reinforce,
    lossOptions: {},
    pairs: options.loss,
    judge: judgePairs(options.labels),
  }),
);

/** Expert iteration: the best of n answers is learnt as an example. Anthony et al. 2017; RAFT, Dong et al. 2023. */
export const expertIteration = onlineMethod(
  'expert-iteration',
  { lr: 1e-5, generations: 4, beta: 0, kl: 'reward', options: {} },
  () => ({
    loss: { surrogate: 'log-probability', importance: 'token', average: 'token-mean' },
    lossOptions: {},
    judge: judgeBest,
  }),
);

/** Every method, each a player of `Align`. */
export const onlineMethods = [ppo, grpo, rloo, reinforce, onlineDpo, expertIteration] as const;
