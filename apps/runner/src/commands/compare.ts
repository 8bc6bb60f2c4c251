// `ingot compare --align dpo,kto,simpo <recipe>`: the same recipe with the method exchanged, on one store: what comes before it is made once.
import { processExecutor } from '@ingot/core';
import type { EventTypes } from '@ingot/core';
import { EXIT, UsageError, type ExitCode } from '../exit-codes.js';
import { writeComparison, type Compared } from '../report/compare-page.js';
import { runRecipe, shownPath, type RunOutcome } from '../run-recipe.js';
import { openRecipe, openStore, storePath, type OpenRecipe } from '../session.js';
import { bytes, duration } from '../terminal/format.js';
import { renderTable } from '../terminal/table.js';
import { swapMethod, swappedStage } from '../tune/swap.js';
import { methodNamed, methodsIn, methodsOf } from './align.js';
import { collect, commandLine, outJson, type AddCommand } from './app.js';
import { showOutcome } from './run.js';

interface Options {
  readonly align: string;
  readonly stage?: string;
  readonly store?: string;
  readonly set: readonly string[];
  readonly json?: boolean;
  readonly inline?: boolean;
}
/** What is put beside each other, where a method measured it. */
const SHOWN: Readonly<Record<string, string>> = {
  'heldOut/loss': 'held-out loss',
  'heldOut/rewards/accuracies': 'accuracy',
  'heldOut/rewards/margins': 'margin',
  kl: 'KL',
  displacement: 'displacement',
  sampleLength: 'length',
  'distinct-2': 'distinct-2',
  sampleReward: 'reward',
};

/** The last value of each metric that a stage gave. */
const lastValues = ({ events }: RunOutcome, label: string): Record<string, number> => {
  const values: Record<string, number> = {};
  for (const { event } of events)
    if (event.type === 'metric' && event.stage === label) Object.assign(values, event.values);
  return values;
};
/** Rows of the reports and tables that stages after the method gave. */
const tablesAfter = ({ events, record }: RunOutcome, label: string): Map<string, EventTypes['table']['rows']> => {
  const after = new Set<string>();
  for (const { id, from } of record.stages)
    if (
      Object.values(from)
        .flat()
        .some((ref) => [label, ...after].includes(ref.split('.')[0] ?? ''))
    )
      after.add(id);
  const tables = new Map<string, EventTypes['table']['rows']>();
  for (const { event } of events)
    if (event.type === 'table' && after.has(event.stage) && event.title !== 'Memory')
      tables.set(`${event.stage}: ${event.title}`, event.rows);
  return tables;
};
const memoryOf = ({ events }: RunOutcome, label: string): number | undefined => {
  for (const { event } of events)
    if (event.type === 'table' && event.stage === label && event.title === 'Memory') {
      const measured = event.rows[0]?.['measured'];
      if (typeof measured === 'number') return measured;
    }
  return undefined;
};
/** Milliseconds that the making of a stage's artifact took, in this run or in the earlier one that is kept. */
const tookOf = ({ record }: RunOutcome, id: string | undefined): number | undefined =>
  record.took[record.stages.find((stage) => stage.id === id)?.key ?? ''];

/** One method's numbers. */
const summary = (method: string, outcome: RunOutcome, label: string) => {
  const values = lastValues(outcome, label);
  const sft = outcome.record.stages.find(({ stage }) => stage === 'sft')?.id;
  const [took, sftTook] = [tookOf(outcome, label), tookOf(outcome, sft)];
  return {
    method,
    values: Object.fromEntries(Object.keys(SHOWN).flatMap((name) => (name in values ? [[name, values[name]]] : []))),
    milliseconds: took,
    timesSft: took !== undefined && sftTook ? took / sftTook : undefined,
    peakBytes: memoryOf(outcome, label),
    report: outcome.report,
  };
};

const wired = (open: OpenRecipe, recipe: Record<string, unknown>): OpenRecipe['pipeline'] => {
  try {
    return open.ingot.fromRecipe(recipe);
  } catch (error) {
    throw open.located(error);
  }
};

/** Adds `compare`. */
export const addCompare: AddCommand = (program, app) => {
  const { io, plugins } = app;
  program
    .command('compare')
    .argument('<recipe>', 'a recipe with one alignment stage')
    .description('run a recipe once for each alignment method, on one store, and put the numbers beside each other')
    .requiredOption('--align <methods>', `separated by commas, of: ${[...methodsOf(plugins).keys()].join(', ')}`)
    .option('--stage <label>', 'which stage is exchanged, where the recipe has several')
    .option('--store <dir>', 'the store (default .ingot)')
    .option('--set <stage.option=value>', 'change an option, may be given many times', collect, [] as readonly string[])
    .option('--inline', 'run every stage in this process, none in a child process')
    .option('--json', 'one JSON object a line: every run, then a summary a method')
    .action(async (path: string, options: Options) => {
      const words = new Set(options.align.split(',').map((word) => word.trim()));
      words.delete('');
      if (words.size === 0) throw new UsageError('--align wants methods, for example --align dpo,kto,simpo.');
      const open = await openRecipe(io, plugins, path, options.set);
      const known = methodsIn(open.stages); // those of the recipe's own plugins too
      const methods = [...words].map((word) => methodNamed(word, known));
      const label = swappedStage(open.recipe, known, options.stage);
      const store = openStore(io, options.store);
      const json = Boolean(options.json);
      const { set, ...given } = options;
      const command = commandLine(
        ['compare', path],
        given,
        set.flatMap((one) => ['--set', one]),
      );
      const rows: ReturnType<typeof summary>[] = [];
      const runs: Compared[] = [];
      const after = new Map<string, Record<string, string | number>[]>();
      let code: ExitCode = EXIT.ok;
      try {
        for (const method of methods) {
          const { recipe, left } = swapMethod(open.recipe, label, method);
          if (left.length > 0)
            io.err(`warning: '${method.name}' has no ${left.map((name) => `'${name}'`).join(', ')}: left out.\n`);
          const outcome = await runRecipe(io, {
            open: { ...open, pipeline: wired(open, recipe), recipe },
            store,
            storePath: storePath(io, options.store),
            json,
            command,
            ...(options.inline ? {} : { executor: processExecutor() }),
          });
          if (outcome.code !== EXIT.ok) {
            showOutcome(io, outcome, command, json, storePath(io, options.store));
            code = outcome.code;
            if (code === EXIT.interrupted) break;
            continue;
          }
          const made = summary(method.name, outcome, label);
          rows.push(made);
          const { record, events, report } = outcome;
          runs.push({ method: method.name, record, events, report });
          for (const [title, table] of tablesAfter(outcome, label))
            after.set(title, [...(after.get(title) ?? []), ...table.map((row) => ({ method: method.name, ...row }))]);
          if (json) outJson(io, { type: 'method', ...made });
        }
      } finally {
        await open.ingot.dispose();
      }
      const page =
        runs.length === 0
          ? undefined
          : writeComparison(
              {
                name: String(open.recipe['name'] ?? 'comparison'),
                stage: label,
                runs,
                summary: rows.map(shown),
                tables: after,
              },
              storePath(io, options.store),
              (trouble) => io.err(`warning: the comparison cannot be written: ${trouble.message}\n`),
            );
      if (json)
        outJson(io, {
          type: 'comparison',
          stage: label,
          methods: rows,
          tables: Object.fromEntries(after),
          ...(page && { report: page }),
        });
      else {
        io.out(`\n${renderTable(rows.map(shown), io.colours)}\n`);
        for (const [title, table] of after) io.out(`\n${title}\n${renderTable(table, io.colours)}\n`);
        for (const { method, report } of rows) if (report) io.err(`report of ${method}: ${shownPath(io, report)}\n`);
        if (page) io.err(`side by side: ${shownPath(io, page)}\n`);
      }
      app.end(code);
    });
};

const shown = ({ method, values, milliseconds, timesSft, peakBytes }: ReturnType<typeof summary>) => ({
  method,
  ...Object.fromEntries(
    Object.entries(values).map(([name, value]) => [SHOWN[name] ?? name, Number(value?.toPrecision(4))]),
  ),
  time: milliseconds === undefined ? '' : duration(milliseconds),
  'times SFT': timesSft === undefined ? '' : timesSft.toFixed(2),
  memory: peakBytes === undefined ? '' : bytes(peakBytes),
});
