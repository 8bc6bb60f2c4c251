// A model from the command line as a stage: a folder in Hugging Face's form, or an artifact of the store with the lineage that it has there.
import { AlignedModel, ChatModel, Model, RewardModel, type ModelValue } from '@ingot/contracts';
import {
  artifactManifest,
  defineStage,
  Installed,
  IngotError,
  readArtifact,
  type AnyKind,
  type AnyStage,
  type Store,
} from '@ingot/core';
import { fingerprintFolder } from '@ingot/supervised';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { Io } from '../io.js';
import { modelSource, splitArtifact, storedModel } from '../sample/source.js';
import { openStore } from '../session.js';

/** A model that was named on the command line. */
export interface GivenModel {
  /** Gives `model`, of the kind that its lineage allows, and `reward` where one was named. */
  readonly stage: AnyStage;
  /** Whether it may be aligned as it is: a chat model by its lineage, or a folder that has a chat template. */
  readonly chats: boolean;
}
const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** A reward model beside the model: read from the store before any work. */
interface GivenReward {
  readonly name: string;
  readonly key: string;
  readonly value: ModelValue;
}
const givenReward = async (store: Store, given: string): Promise<GivenReward> => {
  const [key = '', port = 'reward'] = given.split('.');
  if (!/^[0-9a-f]{4,64}$/.test(key))
    throw new IngotError(
      'bad-input',
      `--reward '${given}' is no artifact: wanted '<key>.reward' of a reward model in the store, with at least four signs of the key. 'ingot store ls' lists the keys.`,
    );
  const manifest = await artifactManifest(store, key);
  return { name: given, key: `${manifest.key}.${port}`, value: await readArtifact(store, key, port, RewardModel) };
};
/** One tokenizer in both, since the reward model reads the tokens of the model. Throws 'bad-wiring'. */
const checkTokenizers = (model: ModelValue, { name, value }: GivenReward): void => {
  if (isDeepStrictEqual(model.design.tokenizer, value.design.tokenizer)) return;
  throw new IngotError(
    'bad-wiring',
    `--reward '${name}' was trained with another tokenizer than --model, and would read other words. Train a reward model on this model, or on one of its ancestors.`,
  );
};

// One stage gives both, so that the plan sees one tokenizer where there is one.
const source = (
  kind: AnyKind,
  fingerprint: () => Promise<string>,
  open: (installed: Installed) => Promise<ModelValue>,
  reward: GivenReward | undefined,
): AnyStage =>
  defineStage({
    name: 'given-model',
    version: 1,
    inputs: {},
    outputs: { model: kind as typeof Model, ...(reward && { reward: RewardModel }) },
    needs: { installed: Installed },
    options: z.strictObject({}),
    fingerprint: async () => [await fingerprint(), ...(reward ? [reward.key] : [])].join(' '),
    // oxlint-disable-next-line require-yield -- it only opens what is there
    async *run({ services: { installed } }) {
      const model = await open(installed);
      if (!reward) return { model };
      checkTokenizers(model, reward);
      return { model, reward: reward.value };
    },
  }) as unknown as AnyStage;

/** Opens what `--model` names. Throws 'bad-input' and 'unknown-name' for what is not there, before any work. */
export const givenModel = async (
  io: Io,
  given: string,
  storeFlag: string | undefined,
  rewardFlag?: string,
): Promise<GivenModel> => {
  const reward = rewardFlag === undefined ? undefined : await givenReward(openStore(io, storeFlag), rewardFlag);
  const folder = resolve(io.cwd, given);
  if (isFolder(folder)) {
    const fingerprint = await fingerprintFolder(folder); // says what is missing now, not in the middle of a plan
    return { stage: source(Model, async () => fingerprint, modelSource(io, given, storeFlag), reward), chats: false };
  }
  const store: Store = openStore(io, storeFlag);
  await storedModel(store, given);
  const { key, port } = splitArtifact(given);
  const manifest = await artifactManifest(store, key);
  const lineage = manifest.outputs[port]?.is ?? [];
  const kind = [AlignedModel, ChatModel].find(({ name }) => lineage.includes(name)) ?? Model;
  return {
    stage: source(
      kind,
      async () => `${manifest.key}.${port}`,
      () => storedModel(store, given),
      reward,
    ),
    chats: kind !== Model,
  };
};
