// The stage `pairs`: samples of a model are scored, and the best and the worst of each prompt become a pair. Best and worst of n: Llama 2 (Touvron et al. 2023), RSO (Liu et al. 2024).
import {
  Device,
  Model,
  openJudge,
  openReward,
  Pairs,
  Prompts,
  referencesOf,
  RewardModel,
  type FeedbackRow,
  type JudgeValue,
  type ModelValue,
  type RewardValue,
} from '@ingot/contracts';
import {
  defineStage,
  Installed,
  IngotError,
  metric,
  optional,
  sample,
  table,
  text as line,
  warning,
} from '@ingot/core';
import { loadModel } from '@ingot/decoding';
import { chatEncoder } from '@ingot/text';
import type { AskOptions } from '../judges/ask.js';
import { refuseMissing, type JudgeCounts } from '../judges/missing.js';
import { readable } from '../judges/model.js';
import { lengthAlarm } from './length-bias.js';
import { pairsOptions, pairsView } from './options.js';
import { rankByJudge, rankByReward, type Ranker } from './rankers.js';
import { blocksOf, openRowLog } from './row-log.js';
import { samplePrompts } from './sample-prompts.js';
import { takeBlock } from './take-block.js';
import { freshTally, rewardScale, sampleRows, shareRows, type Tally } from './tally.js';

const WHERE = "Stage 'pairs'";

interface RankerParts {
  readonly reward: RewardValue | undefined;
  readonly judge: JudgeValue | undefined;
  readonly rewardModel: ModelValue | undefined;
  readonly judgeModel: ModelValue | undefined;
  readonly counts: JudgeCounts;
  readonly how: AskOptions & { readonly signal: AbortSignal };
}
/** Opens the judge, or the reward where there is no judge. */
async function openRanker({ reward, judge, rewardModel, judgeModel, counts, how }: RankerParts): Promise<Ranker> {
  const { signal } = how;
  if (judge) {
    const context = {
      ...(judgeModel ? { model: judgeModel } : {}),
      ...(rewardModel ? { reward: rewardModel } : {}),
      signal,
    };
    return rankByJudge(await openJudge(judge, context), counts, how);
  }
  if (!reward) throw new IngotError('bad-options', `${WHERE} wants a reward or a judge, got neither.`);
  return rankByReward(await openReward(reward, { ...(rewardModel ? { model: rewardModel } : {}), signal }));
}

/** The two completions of a row, to be read. */
function* shown({ prompt, completions }: FeedbackRow) {
  for (const [name, one] of [
    ['best', completions.at(0)],
    ['worst', completions.at(-1)],
  ] as const)
    if (one) yield sample(`[${name}, ${one.score?.toPrecision(4)}] ${one.text}`, readable(prompt));
}

const refuseNothing = (tally: Tally): void => {
  if (tally.best.count > 0) return;
  const reasons = Object.entries(tally.dropped).flatMap(([why, count]) => (count > 0 ? [`${count} ${why}`] : []));
  throw new IngotError(
    'bad-input',
    `${WHERE}: not one pair came of ${tally.prompts} prompts (${reasons.join(', ') || 'there were none'}). Draw more samples, or longer ones, from a wider distribution (sampler: []), lower the margin, or take a reward that tells these texts apart.`,
  );
};

/** Pairs on the fly: n samples of each prompt, scored by a reward or ranked by a judge; rows keep scores and margin. Completions that the prompts have are not read. */
export const pairsStage = defineStage({
  name: 'pairs',
  version: 1,
  inputs: { model: Model, prompts: Prompts, reward: optional(RewardModel), judge: optional(Model) },
  outputs: { feedback: Pairs },
  needs: { device: Device, installed: Installed },
  draws: true,
  computes: true,
  options: pairsOptions,
  view: pairsView,
  estimate: ({ options, inputs }) => {
    if (!inputs.model) return undefined;
    const parameters = Object.values(inputs.model.tensors).reduce(
      (sum, { shape }) => sum + shape.reduce((size, n) => size * n, 1),
      0,
    );
    const drawn = (inputs.prompts?.rows ?? 0) * options.samples * options.tokens;
    return { bytes: 4 * parameters, flops: 2 * parameters * drawn };
  },
  async *run({ inputs, options, view, services, seed, signal, checkpoint }) {
    const { reward, judge, timeoutMs, retries, maxMissing, keep, margin, samples } = options;
    const { tokenizer, chat } = inputs.model.design;
    const encoder = chatEncoder({ tokenizer, ...(chat ? { chat } : {}) });
    const log = await openRowLog(checkpoint, freshTally());
    const tally = log.state;
    const how = { signal, timeoutMs, retries };
    const ranker = await openRanker({
      reward,
      judge,
      rewardModel: inputs.reward,
      judgeModel: inputs.judge,
      counts: tally.judge,
      how,
    });
    try {
      const model = await loadModel({ ...services, model: inputs.model });
      try {
        for await (const block of blocksOf(inputs.prompts, view.saveEvery, log.done)) {
          const prompts = block.map(({ place, row }) => ({ place, prompt: row.prompt, references: referencesOf(row) }));
          const drawn = await samplePrompts(model, encoder, prompts, {
            samples,
            tokens: options.tokens,
            samplers: options.sampler,
            stop: options.stop,
            seed,
            batch: view.batch,
            signal,
          });
          const sampled = prompts.map(({ prompt, references }, at) => ({ prompt, references, samples: drawn[at] }));
          const rows = await takeBlock(sampled, ranker, tally, { keep, margin });
          refuseMissing(tally.judge, maxMissing, WHERE, false);
          for (const row of rows.slice(0, Math.max(0, view.show - log.rows))) yield* shown(row);
          log.add(rows, block.length);
          yield metric(
            log.done,
            {
              pairs: log.rows,
              reward: rewardScale(tally).mean,
              tokens: tally.all.tokens / Math.max(1, tally.all.count),
            },
            inputs.prompts.rows,
          );
          await log.saveWhenDue(view.saveEvery);
        }
      } finally {
        model.dispose();
      }
    } finally {
      ranker.dispose();
    }
    refuseMissing(tally.judge, maxMissing, WHERE, true);
    yield table('Samples of the pairs', sampleRows(tally));
    yield table('Pairs', shareRows(tally));
    refuseNothing(tally);
    const { mean, deviation } = rewardScale(tally);
    yield line(
      `${log.rows} pairs of ${tally.prompts} prompts; reward of all samples ${mean.toPrecision(4)} ± ${deviation.toPrecision(4)}.`,
    );
    const alarm = lengthAlarm(tally.bias);
    if (alarm && options.onLength === 'stop') throw new IngotError('bad-numbers', `${WHERE}: ${alarm}`);
    if (alarm) yield warning(alarm);
    return { feedback: log.value() };
  },
});
