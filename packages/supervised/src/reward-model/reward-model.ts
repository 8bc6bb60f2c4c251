// The stage `reward-model`: a model's trunk with a scalar head learns which of two answers people prefer (Ouyang et al. 2022, section 3.5).
import { defineStage, Installed, IngotError, optional, replayed, text, warning, type StageEvent } from '@ingot/core';
import {
  Device,
  Family,
  Model,
  Pairs,
  RewardModel,
  type DesignValue,
  type FeedbackRow,
  type RowsValue,
} from '@ingot/contracts';
import { chatEncoder } from '@ingot/text';
import { fineTune, openPolicy, replayAt, rewardHead, stepsOf, trainableLine, trunkWidth } from '@ingot/training';
import { heldOutRows } from '../held-out.js';
import { loadOnce } from '../load-once.js';
import { chooseFormat } from '../sft/choose-format.js';
import { longest } from '../sft/prepare.js';
import { rewardObjective, scorePairs } from './objective.js';
import { rewardModelOptions, rewardModelView, type RewardModelOptions } from './options.js';
import { readRankings, type RankingNotes } from './read-rankings.js';
import { rewardReport, textPairs } from './report.js';

/** Encoded feedback of both ports, and the format that it is spelt with. */
async function prepare(
  design: DesignValue,
  {
    feedback,
    validation,
  }: { readonly feedback: RowsValue<FeedbackRow>; readonly validation?: RowsValue<FeedbackRow> | undefined },
  options: RewardModelOptions,
  seed: number,
) {
  const chat = chooseFormat(design, undefined);
  const how = {
    encoder: chatEncoder({ tokenizer: design.tokenizer, ...(chat && { chat }) }),
    maxTokens: longest(design, options.maxTokens, 'reward-model'),
    pairs: options.pairs,
  };
  const { rankings, notes } = await readRankings(feedback, { ...how, port: 'feedback' });
  const hard = rankings.filter(({ preference }) => preference === undefined).length;
  if (options.targets === 'scores' && hard > 0)
    throw new IngotError(
      'bad-input',
      `The stage 'reward-model' was asked for soft labels (targets: 'scores'), and ${hard} of ${rankings.length} rows have none: wanted two answers whose scores are probabilities that add up to 1. Take targets: 'sides', or label the rows ('ai-feedback', 'judge-pairs').`,
    );
  if (validation) {
    const read = await readRankings(validation, { ...how, port: 'validation' });
    return { chat, notes, rankings, heldOut: read.rankings };
  }
  const held = heldOutRows(
    rankings.map(({ prompt }) => prompt),
    options.heldOut,
    seed,
  );
  const heldOut = rankings.filter((_, i) => held[i]);
  if (options.keep === 'best' && heldOut.length === 0)
    throw new IngotError(
      'bad-options',
      `The stage 'reward-model' was asked to keep the best weights, but no feedback is held out to tell them by. Keep 'last', wire the port 'validation', or raise heldOut.`,
    );
  return { chat, notes, rankings: rankings.filter((_, i) => !held[i]), heldOut };
}

function* opening(
  { rows, pairs, identical, without, truncated }: RankingNotes,
  heldOut: number,
): Generator<StageEvent, void> {
  yield text(
    `${pairs.toLocaleString('en')} pairs in ${rows.toLocaleString('en')} rows; ${heldOut} prompts' rows are held out.`,
  );
  if (identical > 0)
    yield warning(`${identical} pairs have the same text on both sides: they teach nothing and are left out.`);
  if (without > 0) yield warning(`${without} rows give no pair: ties, single answers, or the same text.`);
  if (truncated > 0)
    yield warning(`${truncated} answers are cut to maxTokens: a reward of half an answer may be another's.`);
}

/**
 * model + pairs -> reward model. Minimises −log σ(r_w − r_l − margin) + c·(r_w + r_l)², the mean over a prompt's pairs counting once; r is a linear head
 * on the hidden state of the answer's last token. Says accuracy, calibration and how much of its margin is length, on held-out prompts.
 * Errors: `bad-input` for empty answers, swapped columns and no pairs; `bad-options`; what `fineTune` throws.
 */
export const rewardModel = defineStage({
  name: 'reward-model',
  version: 1,
  inputs: { model: Model, feedback: Pairs, validation: optional(Pairs) },
  outputs: { reward: RewardModel },
  needs: { device: Device, installed: Installed },
  options: rewardModelOptions,
  view: rewardModelView,
  draws: true,
  computes: true,
  replays: true,
  async estimate({ options, inputs: { model, feedback }, installed }) {
    if (!model) return undefined;
    const { design } = model;
    const family = await installed.make(Family, design.family);
    const length = longest(design, options.maxTokens, 'reward-model');
    const { trainingBytes, flopsPerToken } = family.estimate(design, 2 * (options.microBatch ?? options.batch), length);
    const steps = stepsOf(options, feedback?.rows ?? options.batch);
    return { bytes: trainingBytes, flops: steps * options.batch * 2 * length * flopsPerToken };
  },
  async *run({ inputs, options, view, services: { device, installed }, seed, signal, checkpoint, replay }) {
    const { model } = inputs;
    const saved = loadOnce(checkpoint);
    const { chat, notes, rankings, heldOut } = await prepare(model.design, inputs, options, seed);
    const family = await installed.make(Family, model.design.family);
    const head = rewardHead(trunkWidth({ family, design: model.design }));
    const policy = await openPolicy({ device, family, model, trains: options, seed, extra: [head] });
    try {
      // A run that goes on from a checkpoint has said this before, and its log is kept.
      if (replay === undefined && (await saved.load()) === undefined) {
        yield* opening(notes, new Set(heldOut.map(({ prompt }) => prompt)).size);
        yield text(trainableLine(policy.counts));
      }
      yield* fineTune(rewardObjective(policy, { rankings, heldOut }, options, seed), {
        stage: 'reward-model',
        device,
        policy,
        options,
        view,
        seed,
        signal,
        checkpoint: saved,
        ...replayAt(replay),
      });
      if (replay !== undefined) return replayed;
      const [asked, which] = heldOut.length > 0 ? [heldOut, 'held-out'] : [rankings, 'its own training'];
      yield* rewardReport({
        scored: scorePairs(policy.still, asked, { ...options, rows: options.microBatch ?? options.batch }),
        texts: textPairs(asked),
        trained: textPairs(rankings),
        which,
      });
      const result = policy.result();
      return { reward: chat ? { ...result, design: { ...result.design, chat } } : result };
    } finally {
      policy.dispose();
    }
  },
});
