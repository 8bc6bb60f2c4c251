// Reads a model folder in Hugging Face's form: the family is found by model_type, tensors are read when asked for.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IngotError, suggest } from '@ingot/core';
import { fileReader, openSafetensors, type SafetensorsFile } from '@ingot/formats';
import type { DesignValue, FamilyValue, ModelValue, TokenizerValue } from '@ingot/contracts';
import { modelFrom } from './model-value.js';
import { readChatFormat } from './tokenizer-config.js';
import { layoutOf, transposed } from './write-model-folder.js';

async function readJson(folder: string, name: string): Promise<unknown> {
  const path = join(folder, name);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new IngotError(
      'bad-input',
      `The model folder '${folder}' has no readable ${name}. A model folder holds config.json, model.safetensors and tokenizer.json.`,
      { cause },
    );
  });
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new IngotError('bad-input', `'${path}' is not JSON: ${(cause as Error).message}.`, { cause });
  }
}

function familyOf(config: unknown, families: readonly FamilyValue[], folder: string): FamilyValue {
  const type =
    typeof config === 'object' && config !== null ? (config as Record<string, unknown>)['model_type'] : undefined;
  const known = families.flatMap((family) => family.huggingFace?.modelType ?? []);
  const found = families.find((family) => family.huggingFace?.modelType === type);
  if (!found)
    throw new IngotError(
      'unknown-name',
      `config.json of '${folder}' has model_type '${String(type)}', which no installed family reads.${suggest(String(type), known)}`,
    );
  return found;
}

/** Their name in this file: some files leave the prefix out. Throws `bad-input` when neither is there. */
function findName(file: SafetensorsFile, theirs: string, prefix: string, folder: string): string {
  const short = theirs.startsWith(prefix) ? theirs.slice(prefix.length) : theirs;
  for (const name of [theirs, short]) if (file.tensors.has(name)) return name;
  throw new IngotError(
    'bad-input',
    `model.safetensors of '${folder}' has no tensor '${theirs}'. It has ${file.tensors.size} others; is config.json of this model?`,
  );
}

/** What the folder is read with: families to choose from, and who reads tokenizer.json (`tokenizerValue` of @ingot/text). */
export interface FolderReaders {
  readonly families: readonly FamilyValue[];
  tokenizerValue(json: unknown): TokenizerValue;
}

/**
 * The model, its tokenizer and its chat format (where it has one) in a folder. Weights stay in the file and are read by name; keep the folder while the model is used.
 * @throws IngotError `bad-input` for a missing or broken file, `unknown-name` for a model type that none of the families reads.
 */
export async function readModelFolder(
  folder: string,
  { families, tokenizerValue }: FolderReaders,
): Promise<ModelValue> {
  const config = await readJson(folder, 'config.json');
  const family = familyOf(config, families, folder);
  const layout = layoutOf(family);
  const tokenizer = tokenizerValue(await readJson(folder, 'tokenizer.json'));
  const chat = await readChatFormat(folder);
  const design: DesignValue = {
    ...layout.design(config as Readonly<Record<string, unknown>>),
    tokenizer,
    ...(chat && { chat }),
  };
  if (tokenizer.vocabSize > design.vocabSize)
    throw new IngotError(
      'bad-input',
      `The tokenizer of '${folder}' has ${tokenizer.vocabSize} ids, but the model only ${design.vocabSize} rows.`,
    );

  const file = await withFile(folder, async (opened) => opened);
  const specs = new Map(family.parameters(design).map((spec) => [spec.name, spec.shape]));
  const places = new Map(
    layout.tensors(design).map(({ ours, theirs, transpose }) => {
      const name = findName(file, theirs, layout.optionalPrefix ?? '', folder);
      const wanted = specs.get(ours) ?? [];
      const { shape } = file.entry(name);
      const expected = transpose ? [...wanted].reverse() : wanted;
      if (shape.join() !== expected.join())
        throw new IngotError(
          'bad-input',
          `Tensor '${name}' of '${folder}' has shape [${shape.join(', ')}], but config.json makes it [${expected.join(', ')}].`,
        );
      return [ours, { name, transpose, shape }] as const;
    }),
  );
  return modelFrom(design, family.parameters(design), async (ours, part) => {
    const { name, transpose, shape } = places.get(ours)!;
    if (part && !transpose) {
      await withFile(folder, (opened) => opened.float32Into(name, part.into, part.start));
      return part.into;
    }
    const data = await withFile(folder, (opened) => opened.float32(name));
    return transpose ? transposed(data, shape[0]!, shape[1]!) : data;
  });
}

/** Opens the weights for one use, so that no file handle outlives it. */
async function withFile<R>(folder: string, use: (file: SafetensorsFile) => Promise<R>): Promise<R> {
  const path = join(folder, 'model.safetensors');
  const reader = await fileReader(path).catch((cause: unknown) => {
    throw new IngotError('bad-input', `The model folder '${folder}' has no readable model.safetensors.`, { cause });
  });
  try {
    return await use(await openSafetensors(reader));
  } finally {
    await reader.close();
  }
}
