// Writes a model folder as Hugging Face's transformers reads it: config.json, model.safetensors, tokenizer.json, tokenizer_config.json.
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { IngotError } from '@ingot/core';
import { streamSafetensors, type TensorToWrite } from '@ingot/formats';
import type { FamilyValue, HuggingFaceLayout, ModelValue } from '@ingot/contracts';
import { CHAT_FILES, tokenizerConfig } from './tokenizer-config.js';

/** (rows, columns) -> (columns, rows), on the host. */
export function transposed(data: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(data.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) out[c * rows + r] = data[r * columns + c]!;
  return out;
}

/** The family's foreign layout. Throws `bad-options` when it has none. */
export function layoutOf(family: FamilyValue): HuggingFaceLayout {
  if (!family.huggingFace)
    throw new IngotError(
      'bad-options',
      `The family '${family.name}' has no Hugging Face layout, so its models have no folder form.`,
    );
  return family.huggingFace;
}

/** Writes beside and renames, so that a file of this name is always whole. */
export async function writeWhole(path: string, content: AsyncIterable<Uint8Array> | string): Promise<void> {
  const beside = `${path}.${process.pid}.part`;
  if (typeof content === 'string') await writeFile(beside, content);
  else await pipeline(content, createWriteStream(beside));
  await rename(beside, path);
}

/**
 * Writes a model as a folder, one tensor in memory at a time; config.json comes last, so its presence means that the folder is whole.
 * @throws IngotError `bad-options` when the family has no such layout, and what the file system throws.
 */
export async function writeModelFolder(folder: string, model: ModelValue, family: FamilyValue): Promise<void> {
  const layout = layoutOf(family);
  const { design } = model;
  const tensors = new Map<string, TensorToWrite>();
  for (const { ours, theirs, transpose } of layout.tensors(design)) {
    const { shape } = model.tensors[ours] ?? missing(ours);
    const [rows = 1, columns = 1] = shape;
    tensors.set(
      theirs,
      transpose
        ? { shape: [columns, rows], data: async () => transposed(await model.read(ours), rows, columns) }
        : { shape, data: () => model.read(ours) },
    );
  }
  for (const { theirs, shape } of layout.zeros?.(design) ?? [])
    tensors.set(theirs, { shape, data: () => new Float32Array(shape.reduce((a, b) => a * b, 1)) });

  await mkdir(folder, { recursive: true });
  await writeWhole(join(folder, 'model.safetensors'), streamSafetensors(tensors, { format: 'pt' }));
  await writeWhole(join(folder, 'tokenizer.json'), `${JSON.stringify(design.tokenizer.json, null, 1)}\n`);
  const [ofTokenizer, templateAlone] = CHAT_FILES;
  await writeWhole(join(folder, ofTokenizer), `${JSON.stringify(tokenizerConfig(design), null, 2)}\n`);
  // One of a model that stood here before would go before the template of this one.
  await rm(join(folder, templateAlone), { force: true });
  await writeWhole(join(folder, 'config.json'), `${JSON.stringify(layout.config(design), null, 2)}\n`);
}
const missing = (name: string): never => {
  throw new IngotError('bad-value', `The model has no tensor '${name}', which its family's layout wants.`);
};
