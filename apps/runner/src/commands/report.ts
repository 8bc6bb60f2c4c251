// `ingot report [run]`: writes the HTML report of a run again, from its record.
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { IngotError } from '@ingot/core';
import { writeReport } from '../report/write.js';
import { openRun } from '../runs/folder.js';
import { shownPath } from '../run-recipe.js';
import { storePath } from '../session.js';
import { outJson, type AddCommand } from './app.js';

/** Adds `report`. */
export const addReport: AddCommand = (program, { io }) => {
  program
    .command('report')
    .argument('[run]', "a run's id, a part of it, or 'last'", 'last')
    .description('write the report of a run as one HTML file')
    .option('--store <dir>', 'the store (default .ingot)')
    .option('--out <file>', 'also copy it here')
    .option('--json', 'one JSON object')
    .action((wanted: string, options: { store?: string; out?: string; json?: boolean }) => {
      const run = openRun(storePath(io, options.store), wanted);
      const written = writeReport(run, run.path, (trouble) => {
        throw new IngotError(
          'stage-failed',
          `The report of run '${run.record.id}' cannot be written: ${trouble.message}. Give another place with --out.`,
          { cause: trouble },
        );
      });
      const target = options.out === undefined ? written : resolve(io.cwd, options.out);
      if (written && target && target !== written) {
        mkdirSync(dirname(target), { recursive: true });
        copyFileSync(written, target);
      }
      if (options.json) return outJson(io, { run: run.record.id, report: target });
      io.out(`${shownPath(io, target ?? '')}\n`);
    });
};
