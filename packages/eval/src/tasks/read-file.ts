// Files of tasks: text as UTF-8, and its content for the stage's fingerprint.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { IngotError, messageOf } from '@ingot/core';

/** The text of a file without a byte order mark. Throws `bad-input` when it cannot be read or is not UTF-8. */
export async function readTextFile(path: string, what: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new IngotError('bad-input', `${what}: wanted to read '${path}': ${messageOf(error)}.`, { cause: error });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new IngotError('bad-input', `${what}: wanted UTF-8 text, got other bytes in '${path}'.`, { cause: error });
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Files that chosen tasks name by their options `path` and `shots`, before or after the parts are made ready. */
export function filesOf(chosen: unknown): string[] {
  if (Array.isArray(chosen)) return chosen.flatMap(filesOf);
  if (!isObject(chosen)) return [];
  const options = isObject(chosen['options']) ? chosen['options'] : {};
  return [options['path'], options['shots']].filter((path) => typeof path === 'string');
}

/** sha256 of the content of the files that chosen tasks name: a part has no fingerprint of its own, so the stage's stands for them. */
export async function fingerprintTasks(chosen: unknown): Promise<string> {
  const hash = createHash('sha256');
  for (const path of filesOf(chosen)) {
    const content = await readTextFile(path, 'A task');
    hash.update(`${content.length}:`).update(content);
  }
  return hash.digest('hex');
}
