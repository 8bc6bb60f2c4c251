// `ingot eval`: a model on tasks of the user's own, one JSON object a line; beside other models where they are given.
import { basename } from 'node:path';
import { Evaluator } from '@ingot/contracts';
import { defineStage, Installed, kind, type AnyStage } from '@ingot/core';
import { evaluateModels, taskFile, type Evaluation } from '@ingot/eval';
import * as z from 'zod';
import { UsageError } from '../exit-codes.js';
import { runOnce } from '../measure/once.js';
import { modelSource } from '../sample/source.js';
import type { OpenSource } from '../sample/stage.js';
import { renderTable } from '../terminal/table.js';
import { existingPath } from '../tune/tune.js';
import { collect, outJson, type AddCommand } from './app.js';

const Evaluated = kind<Evaluation>()('ingot/evaluation');
/** A row a measure, then every difference in words. */
const show = ({ measurements, differences }: Evaluation, colours: boolean): string => {
  const rows = measurements.map(({ interval, better, value, ...rest }) => ({
    ...rest,
    value: Number(value.toPrecision(5)),
    interval: interval ? `${interval.low.toPrecision(4)} to ${interval.high.toPrecision(4)}` : '',
    better,
  }));
  const told = differences.map(({ words }) => `${words}\n`).join('');
  return `${renderTable(rows, colours)}\n${told && `\n${told}`}`;
};

interface Named {
  readonly name: string;
  readonly source: OpenSource;
}
const evalStage = (named: readonly [Named, ...Named[]], paths: readonly string[]): AnyStage =>
  defineStage({
    name: 'eval-once',
    version: 1,
    inputs: {},
    outputs: { evaluation: Evaluated },
    options: z.strictObject({}),
    needs: { evaluator: Evaluator, installed: Installed },
    volatile: true,
    computes: true,
    // oxlint-disable-next-line require-yield -- one table, at the end
    async *run({ services: { evaluator, installed }, signal }) {
      const [first, ...others] = named;
      const opened = async ({ name, source }: Named) => ({ name, model: await source(installed) });
      const models = [await opened(first), ...(await Promise.all(others.map(opened)))] as const;
      const tasks = paths.map((path) => taskFile({ path }));
      return { evaluation: await evaluateModels({ evaluator, models: [...models], tasks, signal }) };
    },
  }) as unknown as AnyStage;

/** Adds `eval`. */
export const addEval: AddCommand = (program, { io, plugins }) => {
  program
    .command('eval')
    .description('measure a model on tasks: {text}, {prompt, choices, answer} or {prompt, answer} a line')
    .requiredOption('--model <artifact | folder>', "an artifact as '<key>.<port>', or a model folder")
    .option(
      '--against <artifact | folder>',
      'another model to compare with, may be given many times',
      collect,
      [] as readonly string[],
    )
    .option('--tasks <file>', 'JSON lines, may be given many times', collect, [] as readonly string[])
    .option('--store <dir>', 'the store (default .ingot)')
    .option('--json', 'one JSON object: every measure with its interval, every difference with its test')
    .action(
      async (options: {
        model: string;
        against: readonly string[];
        tasks: readonly string[];
        store?: string;
        json?: boolean;
      }) => {
        if (options.tasks.length === 0) throw new UsageError('--tasks is missing: wanted a file of JSON lines.');
        const paths = options.tasks.map((path) => existingPath(io.cwd, 'tasks', path));
        const given = [options.model, ...options.against];
        const names = given.map((model) => basename(model));
        const named = (model: string, at: number): Named => ({
          name: names.indexOf(names[at] ?? '') === at ? (names[at] ?? '') : `${names[at]} ${at + 1}`,
          source: modelSource(io, model, options.store),
        });
        const first = named(options.model, 0);
        const others = options.against.map((model, at) => named(model, at + 1));
        const evaluation = await runOnce<Evaluation>(io, plugins, evalStage([first, ...others], paths), 'evaluation');
        if (options.json) return outJson(io, evaluation);
        io.out(show(evaluation, io.colours));
      },
    );
};
