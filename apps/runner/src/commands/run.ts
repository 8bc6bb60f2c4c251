// `ingot run <recipe>`: does the work that a recipe describes, reusing every stage that the store already has.
import { processExecutor } from '@ingot/core';
import type { RunOutcome } from '../run-recipe.js';
import { runRecipe, shownPath } from '../run-recipe.js';
import { openRecipe, openStore, storePath } from '../session.js';
import { showError } from '../error-text.js';
import { EXIT } from '../exit-codes.js';
import type { Io } from '../io.js';
import { collect, commandLine, outJson, type AddCommand } from './app.js';

interface Options {
  readonly store?: string;
  readonly json?: boolean;
  readonly set: readonly string[];
  readonly inline?: boolean;
  readonly memoryGuard: boolean;
}

/** The command line that starts, and after a stop continues, this run. */
export const runCommand = (recipe: string, { store, set }: Pick<Options, 'store' | 'set'>): string =>
  commandLine(
    ['run', recipe],
    { store },
    set.flatMap((one) => ['--set', one]),
  );

/** The last lines of a run: what stopped it and how to go on, or where the results are. */
export const showOutcome = (io: Io, outcome: RunOutcome, command: string, json: boolean, store: string): void => {
  const { record, report, error, code } = outcome;
  if (json) {
    if (error !== undefined && code !== EXIT.interrupted) showError(io, error, code, true);
    const artifacts = Object.fromEntries(
      Object.entries(record.outputs).map(([name, ref]) => [
        name,
        `${record.stages.find((s) => s.id === ref.split('.')[0])?.key ?? ''}.${ref.split('.')[1] ?? ''}`,
      ]),
    );
    outJson(io, {
      type: 'result',
      ending: record.ending,
      exitCode: code,
      run: record.id,
      store,
      outputs: artifacts,
      ...(report ? { report } : {}),
      ...(code === EXIT.ok ? {} : { continue: command }),
    });
    return;
  }
  if (code === EXIT.interrupted)
    io.err(`Stopped; finished stages and the last checkpoint are kept. Continue with:\n  ${command}\n`);
  else if (error !== undefined) {
    showError(io, error, code, false);
    if (code === EXIT.failed)
      io.err(`Finished stages are kept. When the cause is mended, continue with:\n  ${command}\n`);
  }
  if (report) io.err(`report: ${shownPath(io, report)}\n`);
};

/** Adds `run`. */
export const addRun: AddCommand = (program, app) => {
  program
    .command('run')
    .argument('<recipe>', 'a recipe file, YAML or JSON')
    .description('run a recipe; stages that the store has are not run again')
    .option('--store <dir>', 'the store (default .ingot)')
    .option('--set <stage.option=value>', 'change an option, may be given many times', collect, [] as readonly string[])
    .option('--inline', 'run every stage in this process, none in a child process')
    .option('--no-memory-guard', 'run a stage that is predicted not to fit in memory')
    .option('--json', 'one JSON object a line: the plan, every event, then the result')
    .action(async (recipe: string, options: Options) => {
      const { io } = app;
      const json = Boolean(options.json);
      const open = await openRecipe(io, app.plugins, recipe, options.set);
      const command = runCommand(recipe, options);
      const outcome = await runRecipe(io, {
        open,
        store: openStore(io, options.store),
        storePath: storePath(io, options.store),
        json,
        command,
        memoryGuard: options.memoryGuard,
        ...(options.inline ? {} : { executor: processExecutor() }),
      });
      await open.ingot.dispose();
      showOutcome(io, outcome, command, json, storePath(io, options.store));
      app.end(outcome.code);
    });
};
