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
