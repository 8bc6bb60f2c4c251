// `ingot runs`: the runs of a store, oldest first.
import pc from 'picocolors';
import { listRuns } from '../runs/folder.js';
import { openExisting, storePath } from '../session.js';
import { duration } from '../terminal/format.js';
import { renderTable } from '../terminal/table.js';
import { outJson, type AddCommand } from './app.js';

/** Adds `runs`. */
export const addRuns: AddCommand = (program, { io }) => {
  program
    .command('runs')
    .description('list the runs of a store: when, how they ended, how long they took')
    .option('--store <dir>', 'the store (default .ingot)')
    .option('--json', 'one JSON object')
    .action((options: { store?: string; json?: boolean }) => {
      openExisting(io, options.store);
      const runs = listRuns(storePath(io, options.store));
      if (options.json)
        return outJson(io, {
          runs: runs.map(({ id, name, started, ended, ending, why, command, outputs }) => ({
            id,
            name,
            started,
            ended,
            ending,
            why,
            command,
            outputs,
          })),
        });
      if (runs.length === 0) return io.out('No runs yet. Start one with: ingot run <recipe>\n');
      const c = pc.createColors(io.colours);
      const colour = { done: c.green, failed: c.red, cancelled: c.yellow, running: c.cyan } as const;
      io.out(
        `${renderTable(
          runs.map((run) => ({
            run: run.id,
            ended: colour[run.ending](run.ending),
            took: run.ended === undefined ? '' : duration(Date.parse(run.ended) - Date.parse(run.started)),
            kept: `${run.stages.filter((s) => s.hit).length}/${run.stages.length}`,
            why: (run.why ?? '').split('\n')[0]?.slice(0, 80),
          })),
          io.colours,
        )}\n`,
      );
    });
};
