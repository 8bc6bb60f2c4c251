// What every command of the program is given.
import type { Command } from 'commander';
import type { Plugin } from '@ingot/core';
import type { ExitCode } from '../exit-codes.js';
import type { Io } from '../io.js';

/** The program's surroundings: its io, the installed plugins, and where an exit code goes that is not an error. */
export interface App {
  readonly io: Io;
  readonly plugins: readonly Plugin[];
  end(code: ExitCode): void;
}

/** Adds one command to the program. */
export type AddCommand = (program: Command, app: App) => void;

/** Collects an option that may be given many times. */
export const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** Writes one JSON object, whole, on one line. */
export const outJson = (io: Io, value: unknown): void => io.out(`${JSON.stringify(value)}\n`);

const quoted = (text: string): string => (/^[\w./:=,@+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

/** A command line to copy: `ingot`, its words, the flags that were given, and the rest as it was. */
export const commandLine = (words: readonly string[], options: object, rest: readonly string[] = []): string =>
  [
    'ingot',
    ...words,
    ...Object.entries(options).flatMap(([name, value]) =>
      value === undefined || value === false ? [] : value === true ? [`--${name}`] : [`--${name}`, String(value)],
    ),
    ...rest,
  ]
    .map(quoted)
    .join(' ');
