// How an error that ends a command looks: one line that says what, for people and for programs.
import pc from 'picocolors';
import { IngotError } from '@ingot/core';
import type { ExitCode } from './exit-codes.js';
import type { Io } from './io.js';

/** A system error without a text of our own still says what to look at. */
const SYSTEM: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full. Free some space, or give another --store.',
  EFBIG: 'the file would be larger than this process may write (ulimit -f). Raise the limit, or give another --store.',
  EACCES: 'writing there is not allowed. Give another --store, or mend the permissions.',
  EROFS: 'the file system is read-only. Give another --store.',
  ENOTDIR: 'a part of that path is a file, not a folder. Give another --store.',
  EEXIST: 'a file stands where a folder is wanted. Give another --store.',
};

/** The text of any error; system errors are put in words. */
export const errorText = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const { code = '', path } = error as NodeJS.ErrnoException;
  return SYSTEM[code] && !IngotError.is(error)
    ? `${path ?? 'A file'} cannot be written: ${SYSTEM[code]}`
    : error.message;
};

/** Writes the error to the error stream, or as one JSON object to the output. */
export const showError = (io: Io, error: unknown, exitCode: ExitCode, json: boolean): void => {
  const code = IngotError.is(error)
    ? error.code
    : error instanceof Error
      ? (error as NodeJS.ErrnoException).code
      : undefined;
  const text = errorText(error);
  if (json) {
    const place = /^(.+?):(\d+):(\d+): /.exec(text);
    const where = place ? { file: place[1], line: Number(place[2]), column: Number(place[3]) } : {};
    io.out(`${JSON.stringify({ type: 'error', code: code ?? 'failed', message: text, ...where, exitCode })}\n`);
    return;
  }
  const c = pc.createColors(io.colours);
  io.err(`${c.red(c.bold(code ? `error (${code})` : 'error'))} ${text}\n`);
  if (io.env['INGOT_TRACE'] && error instanceof Error) io.err(`${error.stack ?? ''}\n`);
};
