// A model from the command line as a stage: a folder in Hugging Face's form, or an artifact of the store with the lineage that it has there.
import { AlignedModel, ChatModel, Model, type ModelValue } from '@ingot/contracts';
import { artifactManifest, defineStage, Installed, type AnyKind, type AnyStage, type Store } from '@ingot/core';
import { fingerprintFolder } from '@ingot/supervised';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import * as z from 'zod';
import type { Io } from '../io.js';
import { modelSource, splitArtifact, storedModel } from '../sample/source.js';
import { openStore } from '../session.js';

/** A model that was named on the command line. */
export interface GivenModel {
  /** Gives `model`, of the kind that its lineage allows. */
  readonly stage: AnyStage;
  /** Whether it may be aligned as it is: a chat model by its lineage, or a folder that has a chat template. */
  readonly chats: boolean;
}
const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

const source = (
  kind: AnyKind,
  fingerprint: () => Promise<string>,
  open: (installed: Installed) => Promise<ModelValue>,
): AnyStage =>
  defineStage({
    name: 'given-model',
    version: 1,
    inputs: {},
    outputs: { model: kind as typeof Model },
    needs: { installed: Installed },
    options: z.strictObject({}),
    fingerprint,
    // oxlint-disable-next-line require-yield -- it only opens what is there
    async *run({ services: { installed } }) {
      return { model: await open(installed) };
    },
  }) as unknown as AnyStage;

/** Opens what `--model` names. Throws 'bad-input' and 'unknown-name' for what is not there, before any work. */
export const givenModel = async (io: Io, given: string, storeFlag: string | undefined): Promise<GivenModel> => {
  const folder = resolve(io.cwd, given);
  if (isFolder(folder)) {
    const fingerprint = await fingerprintFolder(folder); // says what is missing now, not in the middle of a plan
    return { stage: source(Model, async () => fingerprint, modelSource(io, given, storeFlag)), chats: false };
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
    ),
    chats: kind !== Model,
  };
};
