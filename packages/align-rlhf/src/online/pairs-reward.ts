// The reward model that a method trains for itself, from the same pairs that a method of preferences would learn from (Ouyang et al. 2022, section 3.5).
import { IngotError, text, type StageEvent } from '@ingot/core';
import type { FamilyValue, FeedbackRow, ModelValue, RewardAtWork, RowsValue } from '@ingot/contracts';
import { noGrad, scope, type Device } from '@ingot/tensor';
import { encodeCompletion, type ChatEncoder } from '@ingot/text';
import {
  accumulate,
  adamw,
  fineTune,
  linear,
  openPolicy,
  packSnapshot,
  rankedPairs,
  rankingsLoss,
  rewardHead,
  rewardScores,
  snapshot,
  trunkWidth,
  unpackSnapshot,
  type Policy,
  type RankedAnswers,
} from '@ingot/training';
import type { OnlineOptions, OnlineView } from './options.js';
import type { Phases } from './phases.js';
import { isHeldOut } from './prompts.js';
import { chunks } from './score.js';

/** What it is trained with. */
export interface PairsRewardRequest {
  readonly stage: string;
  readonly device: Device;
  readonly family: FamilyValue;
  readonly model: ModelValue;
  readonly encoder: ChatEncoder;
  readonly feedback: RowsValue<FeedbackRow>;
  readonly options: OnlineOptions;
  readonly view: OnlineView;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly phases: Phases;
  /** A replay saves nothing. */
  readonly replay: boolean;
}
/** The blob of a policy's checkpoint that holds the reward model. */
const BLOB = 'reward.safetensors';

/** Rows with pairs as tokens, apart from those of held-out prompts. Throws `bad-wiring` where there is no pair. */
async function readPairs({ stage, feedback, encoder, model, options }: PairsRewardRequest) {
  const maxTokens = model.design.context;
  const [train, heldOut]: [RankedAnswers[], RankedAnswers[]] = [[], []];
  for await (const row of feedback.read()) {
    const pairs = rankedPairs(row).filter(
      ({ winner, loser }) => row.completions[winner]!.text !== row.completions[loser]!.text,
    );
    if (pairs.length === 0) continue;
    const answers = row.completions.map((one) => encodeCompletion(encoder, row.prompt, one.text, { maxTokens }).ids);
    (isHeldOut(row.prompt, options.heldOut) ? heldOut : train).push({ answers, pairs, margin: row.margin });
  }
  if (train.length === 0)
    throw new IngotError(
      'bad-wiring',
      `The stage '${stage}' has nothing that scores answers, and its feedback no pairs to learn it from. Give rewards: [{ use: … }], wire a reward model to the port 'reward', or give ranked answers.`,
    );
  return { train, heldOut };
}

const at = (policy: Policy, encoder: ChatEncoder, context: number): RewardAtWork => ({
  async score(answers) {
    const sequences = answers.map(
      ({ prompt, text: answer }) => encodeCompletion(encoder, prompt, answer, { maxTokens: context }).ids,
    );
    return chunks(sequences, 16).flatMap((some) => [
      ...noGrad(() => scope(() => rewardScores(policy.still, some, { packing: 'none' }).read())),
    ]);
  },
  dispose: () => policy.dispose(),
});

/** Share of pairs whose better answer scores higher. */
function accuracyOf(policy: Policy, rankings: readonly RankedAnswers[]): number {
  const margins = chunks(rankings, 8).flatMap((some) =>
    noGrad(() => rankingsLoss(policy.still, some, { packing: 'none', centring: 0, margins: false }).margins),
  );
  return margins.filter((margin) => margin > 0).length / margins.length;
}

/** Its numbers under names of their own, beside those of the policy. */
const renamed = (event: StageEvent): StageEvent =>
  event.type === 'metric'
    ? {
        ...event,
        values: Object.fromEntries(Object.entries(event.values).map(([name, value]) => [`rewardModel/${name}`, value])),
      }
    : event;

/**
 * Trains a reward model on the pairs, or takes it from the checkpoint of a policy that was trained with it; the caller disposes of it.
 * `beside` gives the blobs that the policy's checkpoints carry. Throws `bad-wiring` for feedback without pairs, and what `fineTune` throws.
 */
export async function* trainPairsReward(
  request: PairsRewardRequest,
): AsyncGenerator<
  StageEvent,
  { readonly reward: RewardAtWork; beside(): Record<string, AsyncIterable<Uint8Array>> },
  void
> {
  const { stage, device, family, model, encoder, options, view, seed, signal, phases, replay } = request;
  const { lr, batch, epochs, centring } = options.rewardModel;
  const head = rewardHead(trunkWidth({ family, design: model.design }));
  const policy = await openPolicy({ device, family, model, trains: {}, seed, extra: [head] });
  try {
    const begun = await phases.begun();
    if (begun?.phase === 'policy') {
      for (const [name, data] of await unpackSnapshot(await begun.blob(BLOB))) policy.parameters.get(name).load(data);
    } else {
      const { train, heldOut } = await readPairs(request);
      const checkpoint = phases.of('reward');
      const tuning = fineTune(
        {
          rows: train.length,
          gradients(rows) {
            const chosen = rows.map((row) => train[row]!);
            const { loss } = accumulate(
              chunks(chosen, options.microBatch ?? chosen.length),
              (some) => some.length,
              (some) => rankingsLoss(policy.still, some, { packing: 'none', centring, margins: true }).sum,
            );
            const tokens = chosen.reduce((sum, { answers }) => sum + answers.reduce((n, one) => n + one.length, 0), 0);
            return { loss, tokens };
          },
        },
        {
          stage: `${stage}: reward model`,
          device,
          policy,
          options: {
            epochs,
            batch,
            optimiser: adamw({ lr, weightDecay: 0, beta2: 0.999 }),
            schedule: linear({ warmupFraction: 0.1, floor: 0 }),
            clip: 1,
            keep: 'last',
          },
          view,
          seed,
          signal,
          checkpoint: replay ? { load: () => checkpoint.load(), save: async () => undefined } : checkpoint,
        },
      );
      for await (const event of tuning) yield renamed(event);
      const asked = heldOut.length > 0 ? heldOut : train;
      yield text(
        `The reward model of '${stage}' ranks ${(100 * accuracyOf(policy, asked)).toFixed(1)} % of ${asked.length} rows of ${heldOut.length > 0 ? 'held-out' : 'its own'} feedback right.`,
      );
    }
    const held = snapshot(policy.parameters);
    return {
      reward: at(policy, encoder, model.design.context),
      beside: () => ({ [BLOB]: packSnapshot(policy.parameters, held) }),
    };
  } catch (error) {
    policy.dispose();
    throw error;
  }
}
