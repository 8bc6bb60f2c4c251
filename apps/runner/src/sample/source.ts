// Where a model for `ingot sample` comes from: a folder in Hugging Face's layout, or an artifact of the store.
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Family } from '@ingot/contracts';
import { IngotError } from '@ingot/core';
import { tokenizerValue } from '@ingot/text';
import { readModelFolder } from '@ingot/training';
import type { Io } from '../io.js';
import type { OpenSource } from './stage.js';

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** Opens `--model`: an existing folder first, else an artifact. Throws 'bad-input' when it is neither. */
export const modelSource =
  (io: Io, given: string, store: string | undefined): OpenSource =>
  async (installed) => {
    const folder = resolve(io.cwd, given);
    if (isFolder(folder)) {
      const families = await Promise.all(installed.names(Family).map((name) => installed.make(Family, name)));
      return readModelFolder(folder, {
        families,
        tokenizerValue: (json) => tokenizerValue(json as Parameters<typeof tokenizerValue>[0]),
      });
    }
    void store;
    throw new IngotError('bad-input', `--model '${given}' is neither a folder nor an artifact of the store.`);
  };
