// The tasks as parts: `{ use: 'bits-per-byte' }`, `{ use: 'jsonl', path: 'my-tasks.jsonl' }`.
import { basename } from 'node:path';
import {
  type EvaluatedModel,
  type Measure,
  Task,
  type TaskContext,
  type TaskValue,
  type TextValue,
} from '@ingot/contracts';
import { IngotError } from '@ingot/core';
import { NORMALISE, type Normalisation } from '@ingot/text';
import * as z from 'zod';
import { readTextFile } from './read-file.js';
import { rowMeasures } from './row-measures.js';
import { parseTaskRows, type RowKind } from './rows.js';
import { bitsPerByteMeasures, perplexityMeasures } from './text-measures.js';

/** The documents of a Text, in memory. */
export const documentsOf = async (text: TextValue): Promise<string[]> => {
  const documents: string[] = [];
  for await (const document of text.read()) documents.push(document);
  return documents;
};

const nameOption = z
  .string()
  .min(1)
  .optional()
  .describe('The name in the report; unless given, that of the file or the task.');
const textOptions = z.strictObject({
  name: nameOption,
  path: z
    .string()
    .optional()
    .describe(
      "A file of plain text, one document, or of JSON lines with 'text'; unless given, the stage's input 'text'.",
    ),
});

async function textOf(task: string, path: string | undefined, context: TaskContext | undefined): Promise<string[]> {
  if (path !== undefined) {
    const content = await readTextFile(path, `Task '${task}'`);
    return /\.(?:jsonl|ndjson)$/u.test(path)
      ? parseTaskRows(content, path, ['text']).flatMap((row) => (row.kind === 'text' ? [row.text] : []))
      : [content];
  }
  if (context?.text) return documentsOf(context.text);
  throw new IngotError(
    'bad-input',
    `Task '${task}': wanted text, got none. Give its option 'path', or wire the input 'text' of the stage.`,
  );
}

type TextMeasures = (model: EvaluatedModel, documents: readonly string[], signal?: AbortSignal) => Promise<Measure[]>;
const textTask = <const Name extends string>(use: Name, measures: TextMeasures) =>
  Task.part({
    name: use,
    version: 1,
    options: textOptions,
    make: ({ name = use, path }) => ({
      name,
      run: async (model, signal, context) => measures(model, await textOf(name, path, context), signal),
    }),
  });

/** `bits_per_byte` of text. */
export const bitsPerByteTask = textTask('bits-per-byte', bitsPerByteMeasures);
/** `byte_perplexity` and `word_perplexity` of text. */
export const perplexityTask = textTask('perplexity', perplexityMeasures);

const rowOptions = {
  name: nameOption,
  path: z.string().describe('A file of JSON lines, one item each.'),
  shots: z
    .string()
    .optional()
    .describe('A file of examples for few-shot prompts; unless given, the other items of the same file.'),
  fewShot: z.int().min(0).default(0).describe('Examples before each prompt.'),
  sampler: z.enum(['random', 'first']).default('random').describe('How the examples are taken.'),
  seed: z.int().min(0).default(0).describe('Of the draw of examples.'),
  delimiter: z.string().default(' ').describe('Between a prompt and its answer.'),
  separator: z.string().default('\n\n').describe('Between examples.'),
};
const generateOptions = {
  tokens: z.int().min(1).default(256).describe('The most new tokens of an answer.'),
  extract: z
    .string()
    .optional()
    .describe("A regular expression that takes the answer out of the text, where a row has no 'extract' of its own."),
  take: z.enum(['first', 'last']).default('first').describe('Which match of the expression is the answer.'),
  normalise: z
    .enum(Object.keys(NORMALISE) as [Normalisation, ...Normalisation[]])
    .default('trim')
    .describe('How answers are spelt before they are compared.'),
};

type FileOptions = z.output<z.ZodObject<typeof rowOptions>> & Partial<z.output<z.ZodObject<typeof generateOptions>>>;

/** A task over the rows of a file; the file is read when the task first runs. */
function fileTask(options: FileOptions, allowed?: readonly RowKind[]): TaskValue {
  const { path, shots, extract, name = basename(path) } = options;
  const read = async (file: string) => {
    const rows = parseTaskRows(await readTextFile(file, `Task '${name}'`), file, allowed);
    return extract === undefined
      ? rows
      : rows.map((row) => (row.kind === 'generate' ? { ...row, extract: row.extract ?? extract } : row));
  };
  return {
    name,
    run: async (model, signal) =>
      rowMeasures(model, await read(path), {
        ...options,
        ...(shots === undefined ? {} : { pool: await read(shots) }),
        signal,
      }),
  };
}

/** `acc`, `acc_norm`, `acc_bytes` of rows {prompt, choices, answer}. */
export const multipleChoiceTask = Task.part({
  name: 'multiple-choice',
  version: 1,
  options: z.strictObject(rowOptions),
  make: (options) => fileTask(options, ['choice']),
});
/** `exact_match` of rows {prompt, answer}. */
export const exactMatchTask = Task.part({
  name: 'exact-match',
  version: 1,
  options: z.strictObject({ ...rowOptions, ...generateOptions }),
  make: (options) => fileTask(options, ['generate']),
});
const jsonlOptions = z.strictObject({ ...rowOptions, ...generateOptions });
/** The user's own tasks: rows of any kind, each measured by what its keys ask for. */
export const jsonlTask = Task.part({
  name: 'jsonl',
  version: 1,
  options: jsonlOptions,
  make: (options) => fileTask(options),
});
/** The same without the graph: a file of the user's own tasks, with the options of `jsonl`. */
export const taskFile = (options: z.input<typeof jsonlOptions>): TaskValue => fileTask(jsonlOptions.parse(options));

/** Documents as a task that measures `bits_per_byte`, for a training stage that has held-out text at hand. */
export const heldOutTask = (documents: readonly string[], name = 'held-out text'): TaskValue => ({
  name,
  run: async (model, signal) => bitsPerByteMeasures(model, documents, signal),
});
