// The reward model that a method trains for itself, from the same pairs that a method of preferences would learn from (Ouyang et al. 2022, section 3.5).
import { text, type StageEvent } from '@ingot/core';
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
import { readPairs } from './read-pairs.js';
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
    noGrad(() =>
      scope(() => rankingsLoss(policy.still, some, { packing: 'none', centring: 0, margins: false }).margins),
    ),
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
 * `beside` gives the blobs that the policy's checkpoints carry. Throws what `readPairs` and `fineTune` throw.
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
  // A generator that is left early sees no error: whoever leaves before the reward is handed over frees it.
  let handed = false;
  try {
    const begun = await phases.begun();
    if (begun?.phase === 'policy') {
      for (const [name, data] of await unpackSnapshot(await begun.blob(BLOB))) policy.parameters.get(name).load(data);
    } else {
      const { train, heldOut } = await readPairs(request.feedback, {
        ...request,
        maxTokens: model.design.context,
        heldOut: options.heldOut,
      });
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
    handed = true;
    return {
      reward: at(policy, encoder, model.design.context),
      beside: () => ({ [BLOB]: packSnapshot(policy.parameters, held) }),
    };
  } finally {
    if (!handed) policy.dispose();
  }
}
