// `ingot show data`: what is learnt of examples, before any step: tokens that count in colour, those that are only read dimmed.
import { readFileSync } from 'node:fs';
import pc from 'picocolors';
import type { DesignValue, ExampleRow, RowsValue } from '@ingot/contracts';
import {
  createIngot,
  defineStage,
  Installed,
  IngotError,
  kind,
  memoryStore,
  type AnyStage,
  type Plugin,
} from '@ingot/core';
import { chooseFormat, type SftOptions } from '@ingot/supervised';
import { chatEncoder, chatFormats, showMask, type MaskRun } from '@ingot/text';
import * as z from 'zod';
import { UsageError } from '../exit-codes.js';
import type { Io } from '../io.js';
import { runOnce } from '../measure/once.js';
import { modelSource } from '../sample/source.js';
import type { OpenSource } from '../sample/stage.js';
import { firstRows } from '../show/first-rows.js';
import { learntInRecipe } from '../show/from-recipe.js';
import { coloured } from '../terminal/masked.js';
import { existingPath } from '../tune/tune.js';
import { outJson, type AddCommand } from './app.js';

interface Options {
  readonly model?: string;
  readonly data?: string;
  readonly stage?: string;
  readonly rows: string;
  readonly template?: string;
  readonly maxTokens?: string;
  readonly store?: string;
  readonly json?: boolean;
}
const Opened = kind<{ readonly design: DesignValue }>()('ingot/opened');
const openStage = (source: OpenSource): AnyStage =>
  defineStage({
    name: 'open-model',
    version: 1,
    inputs: {},
    outputs: { opened: Opened },
    options: z.strictObject({}),
    needs: { installed: Installed },
    volatile: true,
    // oxlint-disable-next-line require-yield -- it only opens what is there
    async *run({ services: { installed } }) {
      const { design } = await source(installed);
      return { opened: { design } };
    },
  }) as unknown as AnyStage;

/** The first rows of a file of examples. Throws what the stage `examples` throws. */
const examplesOf = async (plugins: readonly Plugin[], path: string, rows: number): Promise<ExampleRow[]> => {
  const ingot = createIngot({ plugins: [...plugins] });
  try {
    const recipe = {
      name: 'show-data',
      stages: { it: { use: 'examples', how: { path } } },
      outputs: { examples: 'it.examples' },
    };
    const made = (await ingot.fromRecipe(recipe).run({ store: memoryStore() }).result()) as {
      readonly examples: RowsValue<ExampleRow>;
    };
    return await firstRows(made.examples, rows);
  } finally {
    await ingot.dispose();
  }
};

/** A format by name. Throws UsageError. */
const named = (name: string): SftOptions['template'] => {
  if (!(name in chatFormats))
    throw new UsageError(`--template '${name}' is unknown. Wanted one of: ${Object.keys(chatFormats).join(', ')}.`);
  return name as keyof typeof chatFormats;
};

const whole = (flag: string, text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new UsageError(`--${flag} wants a whole number from 1, got '${text}'.`);
  return value;
};

/** Whether a file is a recipe: YAML, or JSON with stages. */
const isRecipe = (path: string): boolean => {
  if (/\.ya?ml$/i.test(path)) return true;
  if (!/\.json$/i.test(path)) return false;
  try {
    return typeof (JSON.parse(readFileSync(path, 'utf8')) as { stages?: unknown } | null)?.stages === 'object';
  } catch {
    return false; // rows, or nothing that the stage 'examples' will read either: it says why
  }
};

/** Rows, the model that spells them and the stage's options, from a recipe or from a file and a model. */
const learnt = async (io: Io, plugins: readonly Plugin[], given: string, options: Options) => {
  const path = existingPath(io.cwd, 'data', given);
  const { model, stage, store } = options;
  const count = whole('rows', options.rows);
  const opened = async (of: string): Promise<DesignValue> =>
    (await runOnce<{ readonly design: DesignValue }>(io, plugins, openStage(modelSource(io, of, store)), 'opened'))
      .design;
  if (isRecipe(path)) {
    const made = await learntInRecipe(io, plugins, given, {
      rows: count,
      ownModel: model !== undefined,
      ...(stage !== undefined && { stage }),
      ...(store !== undefined && { store }),
    });
    const design = made.design ?? (await opened(model ?? ''));
    return { design, rows: made.rows, how: made.how as Partial<SftOptions> };
  }
  if (model === undefined)
    throw new UsageError('--model is missing: wanted an artifact or a model folder, which spells the examples.');
  return { design: await opened(model), rows: await examplesOf(plugins, path, count), how: {} };
};

const showData = async (
  io: Io,
  plugins: readonly Plugin[],
  given: string | undefined,
  options: Options,
): Promise<void> => {
  const file = given ?? options.data;
  if (file === undefined) throw new UsageError('Wanted a recipe, or a file of examples: ingot show data <file>.');
  const { design, rows, how } = await learnt(io, plugins, file, options);
  const chat = chooseFormat(design, options.template === undefined ? how.template : named(options.template));
  const encoder = chatEncoder({ tokenizer: design.tokenizer, ...(chat && { chat }) });
  const maxTokens =
    options.maxTokens === undefined ? (how.maxTokens ?? design.context) : whole('max-tokens', options.maxTokens);
  rows.forEach((row, at) => {
    let runs: readonly MaskRun[];
    try {
      runs = showMask(encoder, row, { maxTokens });
    } catch (cause) {
      if (!IngotError.is(cause)) throw cause;
      throw new IngotError(cause.code, `Row ${at} of ${file}: ${cause.message}`, { cause });
    }
    if (options.json) return outJson(io, { row: at, runs });
    io.out(
      `${at > 0 ? '\n' : ''}${pc.createColors(io.colours).bold(`example ${at}`)}\n${coloured(runs, io.colours)}\n`,
    );
  });
};

/** Adds `show data`. */
export const addShow: AddCommand = (program, { io, plugins }) => {
  program
    .command('show')
    .description('look at things before they are used')
    .command('data')
    .description('examples as a model will learn them: what is learnt in colour (or ⟦ ⟧), what is only read dimmed')
    .argument('[recipe | file]', 'a recipe, or examples: JSONL, JSON, CSV or Parquet')
    .option('--data <file>', 'the same, as elsewhere')
    .option('--model <artifact | folder>', "whose tokenizer and chat format spell them; a recipe's own unless said")
    .option('--stage <label>', 'which stage of the recipe, where several learn from examples')
    .option('--rows <n>', 'how many', '3')
    .option('--template <name>', `a chat format for a base model: ${Object.keys(chatFormats).join(', ')}`)
    .option('--max-tokens <n>', "where longer ones are cut; the model's context unless said")
    .option('--store <dir>', 'the store (default .ingot)')
    .option('--json', 'one JSON object an example')
    .action((given: string | undefined, options: Options) => showData(io, plugins, given, options));
};
