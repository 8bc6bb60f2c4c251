// Where a model for `ingot sample` comes from: a folder in Hugging Face's layout, or an artifact of the store.
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Family, knownModel, Model, type KnownModel, type ModelValue } from '@ingot/contracts';
import { artifactManifest, IngotError, readArtifact, type Store } from '@ingot/core';
import { tokenizerValue } from '@ingot/text';
import { readModelFolder } from '@ingot/training';
import type { Io } from '../io.js';
import { openStore } from '../session.js';
import type { OpenSource } from './stage.js';

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** '3f2a.model' -> key '3f2a', port 'model'; without a port, 'model' is meant. */
export const splitArtifact = (text: string): { readonly key: string; readonly port: string } => {
  const [key = '', port = 'model'] = text.split('.');
  return { key, port };
};

/** A model of the store. Throws 'bad-input' for what is no key, 'unknown-name' for a key or port that is not there, 'bad-kind' for what is no model. */
export const storedModel = async (store: Store, given: string): Promise<ModelValue> => {
  const { key, port } = splitArtifact(given);
  if (!/^[0-9a-f]{4,64}$/.test(key))
    throw new IngotError(
      'bad-input',
      `'${given}' is neither a folder nor an artifact: wanted a folder with config.json, or '<key>.<port>' with at least four signs of the key. 'ingot store ls' lists the keys.`,
    );
  await artifactManifest(store, key);
  return readArtifact(store, key, port, Model);
};

/** Opens `--model`: an existing folder first, else an artifact. */
export const modelSource =
  (io: Io, given: string, store: string | undefined): OpenSource =>
  async (installed) => {
    const folder = resolve(io.cwd, given);
    if (!isFolder(folder)) return storedModel(openStore(io, store), given);
    const families = await Promise.all(installed.names(Family).map((name) => installed.make(Family, name)));
    return readModelFolder(folder, {
      families,
      tokenizerValue: (json) => tokenizerValue(json as Parameters<typeof tokenizerValue>[0]),
    });
  };

/** As `modelSource`, with what is known of the model's lineage; of a folder nothing is. */
export const knownSource =
  (io: Io, given: string, store: string | undefined) =>
  async (installed: Parameters<OpenSource>[0]): Promise<KnownModel> => {
    const value = await modelSource(io, given, store)(installed);
    if (isFolder(resolve(io.cwd, given))) return { value, kind: Model, from: `folder ${given}`, lineage: [] };
    const { key, port } = splitArtifact(given);
    return knownModel(openStore(io, store), key, port);
  };
