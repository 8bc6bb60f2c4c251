// `ingot show data`: what is learnt of examples, before any step: tokens that count in colour, those that are only read dimmed.
import pc from 'picocolors';
import type { ChatFormat, ExampleRow, ModelValue, RowsValue } from '@ingot/contracts';
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
import { chatEncoder, chatFormats, showMask, type MaskRun } from '@ingot/text';
import * as z from 'zod';
import { UsageError } from '../exit-codes.js';
import type { Io } from '../io.js';
import { runOnce } from '../measure/once.js';
import { modelSource } from '../sample/source.js';
import type { OpenSource } from '../sample/stage.js';
import { coloured } from '../terminal/masked.js';
import { existingPath } from '../tune/tune.js';
import { outJson, type AddCommand } from './app.js';

interface Options {
  readonly model: string;
  readonly data: string;
  readonly rows: string;
  readonly template?: string;
  readonly maxTokens?: string;
  readonly store?: string;
  readonly json?: boolean;
}
const Opened = kind<{ readonly model: ModelValue }>()('ingot/opened');
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
      return { opened: { model: { design, tensors: {} } as unknown as ModelValue } };
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
    const first: ExampleRow[] = [];
    for await (const row of made.examples.read()) {
      if (first.length >= rows) break;
      first.push(row);
    }
    return first;
  } finally {
    await ingot.dispose();
  }
};

/** The format by name, or the model's own; a model that has one is given no other. Throws UsageError. */
const formatOf = ({ design }: ModelValue, named: string | undefined): ChatFormat | undefined => {
  if (named === undefined) return design.chat;
  const format = (chatFormats as Readonly<Record<string, ChatFormat>>)[named];
  if (!format)
    throw new UsageError(`--template '${named}' is unknown. Wanted one of: ${Object.keys(chatFormats).join(', ')}.`);
  if (design.chat && design.chat.template !== format.template)
    throw new UsageError(
      `The model was tuned on '${design.chat.name}', so --template ${named} would show what it never saw.`,
    );
  return format;
};

const whole = (flag: string, text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new UsageError(`--${flag} wants a whole number from 1, got '${text}'.`);
  return value;
};

const showData = async (io: Io, plugins: readonly Plugin[], options: Options): Promise<void> => {
  const path = existingPath(io.cwd, 'data', options.data);
  const source = modelSource(io, options.model, options.store);
  const { model } = await runOnce<{ readonly model: ModelValue }>(io, plugins, openStage(source), 'opened');
  const chat = formatOf(model, options.template);
  const encoder = chatEncoder({ tokenizer: model.design.tokenizer, ...(chat && { chat }) });
  const maxTokens = options.maxTokens === undefined ? model.design.context : whole('max-tokens', options.maxTokens);
  const rows = await examplesOf(plugins, path, whole('rows', options.rows));
  rows.forEach((row, at) => {
    let runs: readonly MaskRun[];
    try {
      runs = showMask(encoder, row, { maxTokens });
    } catch (cause) {
      if (!IngotError.is(cause)) throw cause;
      throw new IngotError(cause.code, `Row ${at} of ${options.data}: ${cause.message}`, { cause });
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
    .requiredOption('--model <artifact | folder>', 'whose tokenizer and chat format spell them')
    .requiredOption('--data <file>', 'examples: JSONL, JSON, CSV or Parquet')
    .option('--rows <n>', 'how many', '3')
    .option('--template <name>', `a chat format for a base model: ${Object.keys(chatFormats).join(', ')}`)
    .option('--max-tokens <n>', "where longer ones are cut; the model's context unless said")
    .option('--store <dir>', 'the store (default .ingot)')
    .option('--json', 'one JSON object an example')
    .action((options: Options) => showData(io, plugins, options));
};
