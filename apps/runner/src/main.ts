// The ingot command: arguments in, an exit code out. In-process, so that tests run it as it is.
import { Command, CommanderError } from 'commander';
import type { Plugin } from '@ingot/core';
import { addAlign } from './commands/align.js';
import { addCalc } from './commands/calc.js';
import { addCompare } from './commands/compare.js';
import { addDoctor } from './commands/doctor.js';
import { addEval } from './commands/eval.js';
import { addInit } from './commands/init.js';
import { addPlan } from './commands/plan.js';
import { addReplay } from './commands/replay.js';
import { addReport } from './commands/report.js';
import { addRun } from './commands/run.js';
import { addRuns } from './commands/runs.js';
import { addSample } from './commands/sample.js';
import { addSchema } from './commands/schema.js';
import { addScore } from './commands/score.js';
import { addSft } from './commands/sft.js';
import { addShow } from './commands/show.js';
import { addStages } from './commands/stages.js';
import { addStore } from './commands/store.js';
import { addWatch } from './commands/watch.js';
import type { App } from './commands/app.js';
import { EXIT, exitCodeOf, type ExitCode } from './exit-codes.js';
import { showError } from './error-text.js';
import type { Io } from './io.js';
import { plugins as builtIn } from './plugins.js';
import { versions } from './versions.js';

const EXIT_HELP = `
Exit codes: 0 done; 1 failed; 2 wrong command, recipe or option; 3 refused: it would not fit in memory, the model is not aligned, or a rail stopped the chat; 130 interrupted.
Environment: INGOT_DEVICE chooses the device, INGOT_THREADS its threads, INGOT_STORE the store (default .ingot).`;

/** Runs one command line (without 'node' and the script) and gives its exit code. Never rejects. */
export const main = async (
  argv: readonly string[],
  io: Io,
  given: { readonly plugins?: readonly Plugin[] } = {},
): Promise<ExitCode> => {
  let code: ExitCode = EXIT.ok;
  const json = argv.includes('--json');
  const failed = (error: unknown): ExitCode => {
    const ending = exitCodeOf(error);
    showError(io, error, ending, json);
    return ending;
  };
  let plugins: readonly Plugin[];
  try {
    plugins = given.plugins ?? builtIn(io.env);
  } catch (error) {
    return failed(error); // a device or thread count in the environment that cannot be
  }
  const app: App = { io, plugins, end: (value) => void (code = value) };
  const program = new Command('ingot')
    .description(
      'Make language models: pretrain, sample, measure. Pipelines come from recipes; finished stages are kept and used again.',
    )
    .version(versions()['ingot'] ?? '')
    .showSuggestionAfterError()
    .showHelpAfterError("Try 'ingot --help'.")
    .addHelpText('after', EXIT_HELP);
  for (const add of [
    addRun,
    addWatch,
    addPlan,
    addInit,
    addStages,
    addSchema,
    addSft,
    addAlign,
    addCompare,
    addShow,
    addScore,
    addEval,
    addSample,
    addRuns,
    addReport,
    addReplay,
    addStore,
    addCalc,
    addDoctor,
  ])
    add(program, app);
  const quiet = (command: Command) => {
    command.exitOverride().configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
      getOutHelpWidth: () => io.columns(),
      getErrHelpWidth: () => io.columns(),
    });
    command.commands.forEach(quiet);
  };
  quiet(program);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) return failed(error);
    if (error.exitCode === 0) return EXIT.ok;
    if (json)
      io.out(`${JSON.stringify({ type: 'error', code: 'bad-usage', message: error.message, exitCode: EXIT.usage })}\n`);
    return EXIT.usage;
  }
};
