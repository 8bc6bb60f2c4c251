// nanoGPT's token files: raw little-endian uint16, no header (nanoGPT, data/*/prepare.py).
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { IngotError } from '@ingot/core';
import { inputError } from './input-error.js';

/** Ids that two bytes can hold. */
const IDS = 65_536;

/**
 * The ids of a nanoGPT file.
 * Throws 'bad-input' for a missing or empty file, for an odd number of bytes, and for an id outside the vocabulary.
 */
export const readNanoGptBin = async (path: string, vocabSize: number): Promise<Int32Array> => {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw inputError(
      path,
      'a nanoGPT token file',
      error.code === 'ENOENT' ? 'nothing there' : error.message,
      'Check the path.',
    );
  });
  if (bytes.length === 0 || bytes.length % 2 !== 0)
    throw inputError(path, 'two bytes a token', `${bytes.length} bytes`, 'Is it a nanoGPT .bin file, written whole?');
  const ids = new Int32Array(bytes.length / 2);
  for (let i = 0; i < ids.length; i++) ids[i] = bytes.readUInt16LE(2 * i);
  const wrong = ids.findIndex((id) => id >= vocabSize);
  if (wrong >= 0)
    throw inputError(
      path,
      `ids below the vocabulary's ${vocabSize}`,
      `id ${ids[wrong]} at token ${wrong}`,
      'Give the tokenizer that made the file.',
    );
  return ids;
};

/**
 * Writes ids as a nanoGPT file: to a temporary name, flushed, renamed, so that a killed process leaves no half file.
 * Throws 'bad-input' when the vocabulary does not fit in two bytes.
 */
export const writeNanoGptBin = async (path: string, ids: Int32Array, vocabSize: number): Promise<void> => {
  if (vocabSize > IDS)
    throw new IngotError(
      'bad-input',
      `${path}: wanted a vocabulary of at most ${IDS} for nanoGPT's two-byte tokens, got ${vocabSize}. Train a smaller tokenizer, or keep the tokens in the store, which uses four bytes.`,
    );
  const bytes = Buffer.alloc(ids.length * 2);
  ids.forEach((id, i) => bytes.writeUInt16LE(id, 2 * i));
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new IngotError(
      'bad-input',
      `${path}: could not be written: ${(error as Error).message}. Nothing that was there before has changed. Is the disk full, or the folder not yours?`,
      { cause: error },
    );
  }
};
