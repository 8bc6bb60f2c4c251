// The policy and the rails of a chat, from names and files of the command line.
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Rail, type RailValue } from '@ingot/contracts';
import {
  artifactManifest,
  IngotError,
  messageOf,
  readArtifact,
  suggest,
  type Installed,
  type Store,
} from '@ingot/core';
import { loadModel, type LoadedModel } from '@ingot/decoding';
import {
  classifierJson,
  perplexityLimits,
  perplexityRail,
  perplexityReader,
  policies,
  policySchema,
  RailClassifier,
  usualRails,
  type Policy,
} from '@ingot/guardrails';
import type { Device as TensorDevice } from '@ingot/tensor';
import * as z from 'zod';
import { storedModel } from './source.js';

const readJson = (path: string, flag: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new IngotError('bad-input', `${flag}: wanted a file of JSON, got: ${messageOf(error)}`, { cause: error });
  }
};

/** A policy of @ingot/guardrails by name, or one from a file. Throws 'unknown-name', 'bad-input'. */
export const readPolicy = (cwd: string, given: string): Policy => {
  if (given in policies) return policies[given as keyof typeof policies];
  if (!given.endsWith('.json'))
    throw new IngotError(
      'unknown-name',
      `--policy '${given}': wanted a policy's name, or a file that ends in .json.${suggest(given, Object.keys(policies))}`,
    );
  const parsed = policySchema.safeParse(readJson(resolve(cwd, given), `--policy '${given}'`));
  if (!parsed.success) throw new IngotError('bad-input', `--policy '${given}': ${z.prettifyError(parsed.error)}`);
  return parsed.data;
};

const railsSchema = z.array(z.looseObject({ use: z.string(), model: z.unknown().optional() })).min(1);
const fileSchema = z.strictObject({ file: z.string() });
const artifactSchema = z.strictObject({ artifact: z.string() });
const perplexitySchema = z.looseObject({ use: z.literal('perplexity'), model: artifactSchema });

/** Rails that are at work until they are disposed of. */
export interface OpenRails {
  readonly rails: readonly RailValue[];
  dispose(): void;
}
/** Where rails come from, and what one that reads with a model needs. */
export interface RailSource {
  readonly cwd: string;
  readonly store: () => Store;
  readonly installed: Installed;
  readonly device: TensorDevice;
}

/** A classifier of the store as its JSON: what the stage `rail-classifier` made. Throws 'unknown-name' and 'bad-kind'. */
const storedClassifier = async (store: Store, given: string) => {
  const [key = '', port = 'classifier'] = given.split('.');
  await artifactManifest(store, key);
  return classifierJson(await readArtifact(store, key, port, RailClassifier));
};

/**
 * The rails of a file, `[{ "use": "pii" }, …]`. `"model": { "file": "guard.json" }` is read from beside it, `{ "artifact": "3f2a.classifier" }` from
 * the store; the rail `perplexity` reads with a model of the store. Without a file: the usual ones. Throws 'bad-input', and what the parts throw.
 */
export const readRails = async (given: string | undefined, source: RailSource): Promise<OpenRails> => {
  if (given === undefined) return { rails: usualRails(), dispose: () => undefined };
  const { cwd, store, installed, device } = source;
  const path = resolve(cwd, given);
  const flag = `--rails '${given}'`;
  const parsed = railsSchema.safeParse(readJson(path, flag));
  if (!parsed.success) throw new IngotError('bad-input', `${flag}: ${z.prettifyError(parsed.error)}`);
  const readers: LoadedModel[] = [];
  const dispose = (): void => readers.forEach((reader) => reader.dispose());

  const perplexity = async (row: unknown): Promise<RailValue> => {
    const wanted = perplexitySchema.safeParse(row);
    if (!wanted.success)
      throw new IngotError(
        'bad-input',
        `${flag}, 'perplexity': wanted "model": { "artifact": "<key>.model" }, the model that reads, got: ${z.prettifyError(wanted.error)}`,
      );
    const { use: _, model: from, ...limits } = wanted.data;
    const checked = perplexityLimits.safeParse(limits);
    if (!checked.success) throw new IngotError('bad-input', `${flag}, 'perplexity': ${z.prettifyError(checked.error)}`);
    const reader = await loadModel({ device, installed, model: await storedModel(store(), from.artifact) });
    readers.push(reader);
    return perplexityRail(perplexityReader(reader), checked.data);
  };
  const modelOf = async (model: unknown): Promise<unknown> => {
    const file = fileSchema.safeParse(model);
    if (file.success) return readJson(resolve(dirname(path), file.data.file), `${flag}, ${file.data.file}`);
    const artifact = artifactSchema.safeParse(model);
    return artifact.success ? storedClassifier(store(), artifact.data.artifact) : model;
  };
  try {
    const rails: RailValue[] = [];
    for (const row of parsed.data) {
      const { use, model, ...options } = row;
      if (use === 'perplexity') rails.push(await perplexity(row));
      else {
        const read = await modelOf(model);
        rails.push(await installed.make(Rail, use, { ...options, ...(read === undefined ? {} : { model: read }) }));
      }
    }
    return { rails, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
};
