// `ingot watch <recipe>`: runs a recipe, and again what is affected whenever the recipe or a file that it reads changes.
import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { IngotError, messageOf, processExecutor, watchPipelines, type Change, type WatchNote } from '@ingot/core';
import { errorText } from '../error-text.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Io } from '../io.js';
import { memoryLimit } from '../memory-limit.js';
import { runRecipe } from '../run-recipe.js';
import { openRecipe, openStore, storePath, type OpenRecipe } from '../session.js';
import { collect, outJson, type AddCommand } from './app.js';
import { runCommand, showOutcome } from './run.js';

interface Options {
  readonly store?: string;
  readonly json?: boolean;
  readonly set: readonly string[];
  readonly inline?: boolean;
  readonly memoryGuard: boolean;
  readonly debounce: string;
}

const names = (all: readonly string[], io: Io): string => all.map((file) => relative(io.cwd, file) || file).join(', ');
/** 'book.txt changed: corpus, base and report run again.' */
const changeLine = ({ files, stages }: Change, io: Io): string =>
  `${files.length > 0 ? `${names(files, io)} changed` : 'The recipe changed'}: ${stages.length > 0 ? `it touches ${stages.join(', ')}` : 'the same plan is tried again'}.`;
const noteLine = (note: WatchNote, io: Io): string | undefined => {
  if (note.type === 'unchanged') return `${names(note.files, io)} changed, and nothing that is made of it.`;
  if (note.type === 'restart') return `${changeLine(note, io)} The run under way is stopped and saved.`;
  if (note.type === 'plan-failed')
    return `error ${errorText(note.error)}\nNothing is started; waiting for the next change.`;
  return `warning: changes may be missed: ${messageOf(note.error)}`;
};
const noteJson = (note: WatchNote): object => {
  if (!('error' in note)) return { ...note, type: `watch-${note.type}` };
  const { error, ...rest } = note;
  const code = IngotError.is(error) ? error.code : 'failed';
  return {
    ...rest,
    type: note.type === 'watch-failed' ? note.type : `watch-${note.type}`,
    code,
    message: errorText(error),
  };
};

/** Adds `watch`. */
export const addWatch: AddCommand = (program, app) => {
  program
    .command('watch')
    .argument('<recipe>', 'a recipe file, YAML or JSON')
    .description('run a recipe, and again what is affected whenever it or a file that it reads changes; Ctrl-C ends')
    .option('--store <dir>', 'the store (default .ingot)')
    .option('--set <stage.option=value>', 'change an option, may be given many times', collect, [] as readonly string[])
    .option('--debounce <milliseconds>', 'how long nothing must have changed before it is planned again', '100')
    .option('--inline', 'run every stage in this process, none in a child process')
    .option('--no-memory-guard', 'run a stage that is predicted not to fit in memory')
    .option('--json', 'one JSON object a line: changes, plans, every event, results')
    .action(async (recipe: string, options: Options) => {
      const { io } = app;
      const json = Boolean(options.json);
      const store = openStore(io, options.store);
      const path = storePath(io, options.store);
      const command = runCommand(recipe, options);
      const open = async () => {
        const opened = await openRecipe(io, app.plugins, recipe, options.set);
        const plan: OpenRecipe['pipeline']['plan'] = (how) =>
          opened.pipeline.plan(how).catch((error: unknown) => {
            throw opened.located(error);
          });
        return { opened, pipeline: { ...opened.pipeline, plan }, close: () => opened.ingot.dispose() };
      };
      const file = resolve(io.cwd, recipe);
      if (!existsSync(file)) await (await open()).close(); // a mistyped path is told at once

      const stopping = new AbortController();
      const heed = io.onInterrupt(() => stopping.abort('Ctrl-C'));
      const plainly = (text: string) => io.err(`${text}\n`);
      let say = plainly;
      let code: ExitCode = EXIT.ok;
      let shown = Promise.resolve();
      const tell = (note: WatchNote) => {
        if (json) outJson(io, noteJson(note));
        else say(noteLine(note, io)!);
      };
      const show = async (run: Parameters<Parameters<typeof watchPipelines>[2] & {}>[0], opened: OpenRecipe) => {
        if (json) outJson(io, { type: 'watch-run', ...run.change });
        else if (run.change.files.length > 0) io.err(`\n${changeLine(run.change, io)}\n`);
        const outcome = await runRecipe(io, {
          open: opened,
          store,
          storePath: path,
          json,
          command,
          started: { run, rows: run.rows },
          onView: (view) => void (say = (text) => view.say(text)),
        });
        say = plainly;
        const stopped = outcome.code === EXIT.interrupted;
        if (stopped && stopping.signal.aborted) code = EXIT.interrupted;
        // a run that gave way to the next one has nothing to say to a person
        if (json || !stopped || stopping.signal.aborted) showOutcome(io, outcome, command, json, path);
        if (!json && !stopping.signal.aborted && !stopped) io.err('Watching for changes; Ctrl-C ends.\n');
      };
      try {
        await watchPipelines(
          open,
          {
            store,
            paths: [file],
            debounce: Number(options.debounce),
            signal: stopping.signal,
            tell,
            ...(options.memoryGuard ? { memory: memoryLimit() } : {}),
            ...(options.inline ? {} : { executor: processExecutor() }),
          },
          (run, { opened }) => void (shown = shown.then(() => show(run, opened))),
        ).forEach(() => {});
        await shown;
      } finally {
        heed();
      }
      app.end(code);
    });
};
