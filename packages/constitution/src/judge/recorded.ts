// Answers of an endpoint, kept in a file, so that a run can be repeated without the network.
import { existsSync, readFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { canonical, digest, IngotError, messageOf } from '@ingot/core';
import * as z from 'zod';

const line = z.strictObject({ request: z.string(), answer: z.json() });
export type JsonValue = z.output<ReturnType<typeof z.json>>;

export interface Recording {
  get(request: object): JsonValue | undefined;
  put(request: object, answer: JsonValue): Promise<void>;
}
/** What stands for a request: sha256 of its canonical JSON, without keys and headers. */
export const requestDigest = (request: object): string => digest(canonical(request, 'The request'));

/** A recording in a file of JSON lines, or none. Throws 'bad-input' for a damaged file; a last line that was cut off by a kill is left out. */
export const openRecording = (path: string | undefined): Recording => {
  const known = new Map<string, JsonValue>();
  const rows = path !== undefined && existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  for (const [at, row] of rows.entries()) {
    if (row === '') continue;
    try {
      const { request, answer } = line.parse(JSON.parse(row));
      known.set(request, answer);
    } catch (error) {
      if (at === rows.length - 1) continue;
      throw new IngotError('bad-input', `${path}, line ${at + 1}: no recorded answer: ${messageOf(error)}.`, {
        cause: error,
      });
    }
  }
  let torn = rows.at(-1) !== undefined && rows.at(-1) !== '';
  return {
    get: (request) => known.get(requestDigest(request)),
    async put(request, answer) {
      const id = requestDigest(request);
      known.set(id, answer);
      if (path === undefined) return;
      await appendFile(path, `${torn ? '\n' : ''}${JSON.stringify({ request: id, answer })}\n`);
      torn = false;
    },
  };
};
