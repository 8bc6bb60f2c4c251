// A trained reward model at work: it scores answers in batches without gradients.
import { IngotError, type Installed } from '@ingot/core';
import {
  Family,
  type Answer,
  type LiveModel,
  type ModelValue,
  type ParameterSpec,
  type RewardAtWork,
} from '@ingot/contracts';
import { noGrad, ParameterTree, plainWeights, scope, type Device } from '@ingot/tensor';
import { rewardHead, rewardScores, trunkWidth } from './reward-scores.js';

/** What it needs. */
export interface OpenRewardModelOptions {
  readonly device: Device;
  readonly installed: Pick<Installed, 'make'>;
  readonly model: ModelValue;
  /** Spells a prompt and its answer, the answer's end token last, as the reward model was trained on them. */
  readonly encode: (answer: Answer) => Int32Array;
  /** Answers at once, 8 unless said. */
  readonly batch?: number;
}

/** The specs of a stored reward model: its family's parameters, the head, and its bias where there is one. */
function specsOf(model: ModelValue, trunk: readonly ParameterSpec[], width: number): ParameterSpec[] {
  const head = rewardHead(width);
  const shape = model.tensors[head.name]?.shape;
  if (shape === undefined || shape.length !== 2 || shape[0] !== 1 || shape[1] !== width)
    throw new IngotError(
      'bad-value',
      `This is no reward model: its tensor '${head.name}' is ${shape === undefined ? 'missing' : `(${shape.join(', ')})`}, wanted (1, ${width}). Train one with the stage 'reward-model'.`,
    );
  const bias: ParameterSpec = { name: 'reward.bias', shape: [1], init: { kind: 'zeros' } };
  return [...trunk, head, ...(bias.name in model.tensors ? [bias] : [])];
}

/** A reward model's parameters on a device, its head among them; the caller disposes of the tree. Throws `bad-value` for a model without a head. */
export async function loadRewardModel({
  device,
  installed,
  model,
}: Pick<OpenRewardModelOptions, 'device' | 'installed' | 'model'>): Promise<{
  readonly live: LiveModel;
  readonly parameters: ParameterTree;
}> {
  const { design } = model;
  const family = await installed.make(Family, design.family);
  if (family.version !== design.version)
    throw new IngotError(
      'bad-value',
      `The reward model was made by version ${design.version} of family '${design.family}', installed is version ${family.version}. Install the plugin that made it.`,
    );
  const parameters = ParameterTree.create(
    device,
    specsOf(model, family.parameters(design), trunkWidth({ family, design })),
  );
  try {
    for (const name of parameters.names()) parameters.get(name).load(await model.read(name));
    return { live: { device, family, design, weights: plainWeights(parameters) }, parameters };
  } catch (error) {
    parameters.dispose();
    throw error;
  }
}

/**
 * Opens a reward model; the caller disposes of it.
 * @throws IngotError `bad-value` for a model without a head or of another version, `unknown-name` for a family that is not installed.
 */
export async function openRewardModel(options: OpenRewardModelOptions): Promise<RewardAtWork> {
  const { encode, batch = 8 } = options;
  const { live, parameters } = await loadRewardModel(options);
  return {
    async score(answers) {
      const scores: number[] = [];
      for (let first = 0; first < answers.length; first += batch) {
        const sequences = answers.slice(first, first + batch).map(encode);
        scores.push(...noGrad(() => scope(() => rewardScores(live, sequences).read())));
      }
      return scores;
    },
    dispose: () => parameters.dispose(),
  };
}
