// `ingot replay <recipe> --stage base --step 40`: does one step of a training again, compares it with the log, and shows its gradients.
import { InvalidArgumentError } from 'commander';
import type { Replay } from '@ingot/core';
import { EXIT } from '../exit-codes.js';
import { openExisting, openRecipe } from '../session.js';
import { plainView } from '../terminal/plain.js';
import { renderTable } from '../terminal/table.js';
import { collect, outJson, type AddCommand } from './app.js';

/** Numbers of a clock, which no replay repeats. */
const TIMES = new Set(['tokensPerSecond', 'millisecondsPerStep', 'etaSeconds', 'flopsUtilisation']);

/** The numbers that a replay and the log both have, and whether each is the same to the last bit. */
export const compareWithLog = ({ values, logged }: Pick<Replay, 'values' | 'logged'>) =>
  Object.entries(values)
    .filter(([name]) => !TIMES.has(name) && logged?.[name] !== undefined)
    .map(([name, value]) => ({ name, replayed: value, logged: logged![name]!, same: Object.is(value, logged![name]) }));

const words = (about: Replay['about'] | undefined): string =>
  Object.values(about ?? {}).join(', ') || 'something unnamed';
const verdict = (replay: Replay, compared: ReturnType<typeof compareWithLog>, step: number): string => {
  if (compared.length === 0) return `The store's log has no numbers of step ${step} to compare with.`;
  const other = compared.filter(({ same }) => !same);
  if (other.length === 0)
    return `The same as in the log, to the last bit: ${compared.map(({ name }) => name).join(', ')}.`;
  const differ = other.map(({ name, replayed, logged }) => `${name} is ${replayed}, the log has ${logged}`).join('; ');
  const before = words(replay.loggedAbout);
  const now = words(replay.about);
  return `NOT the same as in the log: ${differ}. ${before === now ? 'It was made on the same device: please report it.' : `The log was made on ${before}, this replay on ${now}: choose that device (INGOT_DEVICE) for the same bits.`}`;
};

const wholeNumber = (text: string): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1) throw new InvalidArgumentError('Wanted a whole number from 1.');
  return value;
};

/** Adds `replay`. */
export const addReplay: AddCommand = (program, { io, plugins, end }) => {
  program
    .command('replay')
    .argument('<recipe>', 'a recipe file that was run, YAML or JSON')
    .description(
      'do one step of a training again, to the same bits: gradients and updates of each layer; writes nothing',
    )
    .requiredOption('--stage <id>', "the training stage's id in the recipe")
    .requiredOption('--step <n>', 'the step, counted from 1 as in the log', wholeNumber)
    .option('--store <dir>', 'the store (default .ingot)')
    .option(
      '--set <stage.option=value>',
      'as the run had it, may be given many times',
      collect,
      [] as readonly string[],
    )
    .option('--json', 'one JSON object with values, logged, same and the tables')
    .action(
      async (
        recipe: string,
        options: { stage: string; step: number; store?: string; set: readonly string[]; json?: boolean },
      ) => {
        const { stage, step } = options;
        const open = await openRecipe(io, plugins, recipe, options.set);
        const stopping = new AbortController();
        const heed = io.onInterrupt(() => stopping.abort('Ctrl-C'));
        const view = plainView(io);
        try {
          const replay = await open.pipeline.replay({
            store: openExisting(io, options.store),
            stage,
            step,
            signal: stopping.signal,
            say: (event) => {
              if (event.type !== 'table') view.event({ ...event, stage, replayed: false });
            },
          });
          const compared = compareWithLog(replay);
          const same = compared.length === 0 ? null : compared.every((one) => one.same);
          const tables = replay.events.flatMap((event) => (event.type === 'table' ? [event] : []));
          if (same === false) end(EXIT.failed);
          if (options.json) {
            const { key, values, logged = null, about, loggedAbout = null } = replay;
            const shown = Object.fromEntries(tables.map(({ title, rows }) => [title, rows]));
            return outJson(io, {
              type: 'replay',
              stage,
              step,
              key,
              same,
              values,
              logged,
              about,
              loggedAbout,
              tables: shown,
            });
          }
          for (const { title, rows } of tables) io.out(`\n${title}\n${renderTable(rows, io.colours)}\n`);
          const numbers = Object.entries(replay.values).filter(([name]) => !TIMES.has(name));
          io.out(`\nstep ${step}: ${numbers.map(([name, value]) => `${name} ${value}`).join(', ')}\n`);
          io.out(`${verdict(replay, compared, step)}\n`);
        } catch (error) {
          throw open.located(error);
        } finally {
          heed();
          await open.ingot.dispose();
        }
      },
    );
};
