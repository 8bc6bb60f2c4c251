// The stages that read files with named columns: `examples`, `preferences`, `labels`, `prompts`.
import { createHash } from 'node:crypto';
import { Examples, Labels, Pairs, Prompts, type ExampleRow, type FeedbackRow } from '@ingot/contracts';
import { defineStage, table, text as line, warning, type StageEvent } from '@ingot/core';
import * as z from 'zod';
import { placeOf } from '../find-files.js';
import { ROW_FILES } from '../rows/read-rows.js';
import type { Meaning } from '../shapes/shape.js';
import { SHAPE_NAMES } from '../shapes/table.js';
import { loadRows, rowsOf, type LoadedRows, type RowSource } from './load-rows.js';
import { PROBLEM_NAMES } from './problems.js';
import { toAnswered, toExamples, toLabels, toPairs, toPrompts, type Target } from './targets.js';

/** Where the rows are and how they are read: all of it is in the fingerprint's content, so none of it is in the key. */
const source = z.strictObject({
  path: z.string().optional().describe('A file or a folder; inside the package where one is given.'),
  package: z.string().optional().describe('An installed npm package to read from.'),
  files: z
    .array(z.string())
    .default([...ROW_FILES])
    .describe('Patterns of the files to take from a folder.'),
  exclude: z.array(z.string()).default(['**/node_modules/**']).describe('Patterns of files to leave out.'),
  shape: z.enum(SHAPE_NAMES).optional().describe('What the rows are, where their columns do not tell it.'),
  columns: z
    .record(z.string(), z.string())
    .optional()
    .describe("Which column of the file stands for one of the shape: { prompt: 'question' }."),
  limit: z.int().positive().optional().describe('At most this many rows, from the first on.'),
  split: z
    .strictObject({
      holdOut: z.number().gt(0).lt(1).default(0.1).describe('The share of prompts that is held out.'),
      part: z.enum(['train', 'held-out']).describe('Which side to give.'),
    })
    .optional()
    .describe('One side of a split by the hash of the prompt: rows of one prompt are never on both.'),
  drop: z
    .union([z.boolean(), z.array(z.enum(PROBLEM_NAMES))])
    .default(false)
    .describe('Leave out rows with problems: all, or those named.'),
  chat: z.boolean().default(false).describe('Take plain prompts as what a user says.'),
});

/** Hash of the rows, in order. */
const contentHash = async <M extends Meaning, Row extends ExampleRow | FeedbackRow>(
  target: Target<M, Row>,
  how: RowSource,
) => {
  const hash = createHash('sha256');
  for (const row of (await loadRows(target, how)).rows) hash.update(`${JSON.stringify(row)}\n`);
  return hash.digest('hex');
};

const events = function* (title: string, loaded: LoadedRows<unknown>): Generator<StageEvent, void, void> {
  for (const told of loaded.lines) yield line(told);
  yield table(title, loaded.table);
  for (const told of loaded.warnings) yield warning(told);
};

const reads = {
  inputs: {},
  options: z.strictObject({}),
  view: source,
  version: 1,
  watches: (how: RowSource) => [placeOf(how)],
} as const;

/** Examples from files: text, conversations, prompts with completions; of preferences the better answer. Its key follows the content, never the path. */
export const examples = defineStage({
  ...reads,
  name: 'examples',
  outputs: { examples: Examples },
  fingerprint: (how) => contentHash(toExamples, how),
  async *run({ view }) {
    const loaded = await loadRows(toExamples, view);
    yield* events('Examples', loaded);
    return { examples: rowsOf(loaded.rows) };
  },
});

/** Pairs from files: a prompt and two or more ranked answers. Its key follows the content, never the path. */
export const preferences = defineStage({
  ...reads,
  name: 'preferences',
  outputs: { feedback: Pairs },
  fingerprint: (how) => contentHash(toPairs, how),
  async *run({ view }) {
    const loaded = await loadRows(toPairs, view);
    yield* events('Preferences', loaded);
    return { feedback: rowsOf(loaded.rows) };
  },
});

/** Labels from files: a prompt and one answer that was liked or not; of preferences both. Its key follows the content, never the path. */
export const labels = defineStage({
  ...reads,
  name: 'labels',
  outputs: { feedback: Labels },
  fingerprint: (how) => contentHash(toLabels, how),
  async *run({ view }) {
    const loaded = await loadRows(toLabels, view);
    yield* events('Labels', loaded);
    return { feedback: rowsOf(loaded.rows) };
  },
});

const promptSource = source.extend({
  answers: z
    .boolean()
    .default(false)
    .describe("Keep the right answers that stand beside prompts, for a reward such as 'exact-match'."),
});
type PromptSource = z.output<typeof promptSource>;

/** Prompts from files; answers that stand beside them are left out unless asked for. Its key follows the content, never the path. */
export const prompts = defineStage({
  ...reads,
  name: 'prompts',
  view: promptSource,
  outputs: { prompts: Prompts },
  fingerprint: (how: PromptSource) => (how.answers ? contentHash(toAnswered, how) : contentHash(toPrompts, how)),
  async *run({ view }) {
    const loaded = view.answers ? await loadRows(toAnswered, view) : await loadRows(toPrompts, view);
    yield* events('Prompts', loaded);
    return { prompts: rowsOf(loaded.rows) };
  },
});
