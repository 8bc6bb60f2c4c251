// The stage `model-folder`: a model and its tokenizer from a folder in Hugging Face's form.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { defineStage, Installed, IngotError, text, warning } from '@ingot/core';
import * as z from 'zod';
import { Family, Model, Tokenizer } from '@ingot/contracts';
import { tokenizerValue } from '@ingot/text';
import { CHAT_FILES, padIsEnd, readModelFolder } from '@ingot/training';

const files = ['config.json', 'model.safetensors', 'tokenizer.json'] as const;
/** Those that a model folder has, and those with a chat template that this one has. */
const filesOf = (folder: string): readonly string[] => [
  ...files,
  ...CHAT_FILES.filter((name) => existsSync(join(folder, name))),
];

/** sha256 over some files' names and contents: the folder may move and keep its key. Throws `bad-input` for a missing file; `what` is what the folder is. */
export async function fingerprintFiles(what: string, folder: string, names: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const name of names) {
    hash.update(`${name}\n`);
    try {
      for await (const chunk of createReadStream(join(folder, name))) hash.update(chunk as Uint8Array);
    } catch (cause) {
      throw new IngotError(
        'bad-input',
        `The ${what} folder '${folder}' has no readable ${name}. Such a folder holds ${names.join(', ')}.`,
        { cause },
      );
    }
  }
  return hash.digest('hex');
}
/** The same of a model folder: config.json, model.safetensors, tokenizer.json, and what holds its chat template. */
export const fingerprintFolder = (folder: string): Promise<string> =>
  fingerprintFiles('model', folder, filesOf(folder));

/** {} -> model, tokenizer. The path is in the view: the content is in the key. */
export const modelFolder = defineStage({
  name: 'model-folder',
  version: 1,
  inputs: {},
  outputs: { model: Model, tokenizer: Tokenizer },
  needs: { installed: Installed },
  options: z.strictObject({}),
  view: z.strictObject({
    path: z.string().min(1).describe('folder with config.json, model.safetensors and tokenizer.json'),
  }),
  fingerprint: ({ path }) => fingerprintFolder(path),
  watches: ({ path }) => filesOf(path).map((name) => join(path, name)),
  async *run({ view, services: { installed } }) {
    const families = await Promise.all(installed.names(Family).map((name) => installed.make(Family, name)));
    const model = await readModelFolder(view.path, { families, tokenizerValue });
    yield text(
      `A model of family '${model.design.family}' with ${Object.keys(model.tensors).length} tensors and ${model.design.vocabSize} rows of vocabulary, from '${view.path}'.`,
    );
    const fault = await padIsEnd(view.path);
    if (fault !== undefined) yield warning(fault);
    return { model, tokenizer: model.design.tokenizer };
  },
});
