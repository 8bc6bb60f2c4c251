// Where rewards come from: those that are named, else the port's reward model, else one that is trained from the feedback's pairs.
import type { Checkpoint, StageEvent } from '@ingot/core';
import type { FamilyValue, RewardAtWork } from '@ingot/contracts';
import type { ChatEncoder } from '@ingot/text';
import { trainPairsReward } from './pairs-reward.js';
import type { Phases } from './phases.js';
import { modelReward, openRewards } from './rewards.js';
import type { OnlineRequest } from './run.js';

/** Rewards at work, and the checkpoint of what follows. */
export interface Scoring {
  readonly rewards: readonly RewardAtWork[];
  /** Reward models that are held on the device for it. */
  readonly models: number;
  readonly checkpoint: Checkpoint;
}

/** Opens the rewards of a run; the caller disposes of them. Throws what opening and training throw. */
export async function* openScoring(
  request: OnlineRequest & { readonly family: FamilyValue; readonly encoder: ChatEncoder; readonly phases: Phases },
): AsyncGenerator<StageEvent, Scoring, void> {
  const { options, inputs, services, signal, phases } = request;
  if (options.rewards.length > 0) {
    const rewards = await openRewards(options.rewards, { signal, model: inputs.reward });
    return { rewards, models: inputs.reward ? 1 : 0, checkpoint: phases.of('policy') };
  }
  if (inputs.reward)
    return { rewards: [await modelReward(inputs.reward, services)], models: 1, checkpoint: phases.of('policy') };
  const { reward, beside } = yield* trainPairsReward({
    ...request,
    device: services.device,
    model: inputs.model,
    feedback: inputs.feedback,
    replay: request.replay !== undefined,
  });
  return { rewards: [reward], models: 1, checkpoint: phases.of('policy', beside) };
}
