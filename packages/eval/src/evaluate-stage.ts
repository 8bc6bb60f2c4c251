// The stage `evaluate`: a model beside baselines and beside other models, on held-out text and on tasks; it can hold a model back.
import {
  checkTaskNames,
  Evaluator,
  Model,
  type ModelValue,
  Report,
  Task,
  type TaskValue,
  Text,
  type TextValue,
  weightBytes,
} from '@ingot/contracts';
import { defineStage, IngotError, list, many, optional, table, text as line, warning } from '@ingot/core';
import { pacer } from '@ingot/decoding';
import * as z from 'zod';
import { baselines } from './baselines.js';
import { compareModels, type Evaluation, type MeasuredModel } from './compare-models.js';
import { measureModel } from './evaluate-models.js';
import { checkGate, gateOption } from './gate.js';
import { differenceRows, reportRows, taskRows, tasksOf } from './report.js';
import { documentsOf, heldOutTask } from './tasks/parts.js';
import { fingerprintTasks } from './tasks/read-file.js';
import { verdict } from './verdict.js';

const parametersOf = ({ tensors }: ModelValue): number =>
  Object.values(tensors).reduce((sum, { shape }) => sum + shape.reduce((size, n) => size * n, 1), 0);

/** What the port `text` is called among the tasks. */
const HELD = 'held-out text';

/** Names of the models: as given, else 'model' and 'against 1', 'against 2', …. Throws `bad-options` for another count, or a name twice. */
function namesOf(given: readonly string[] | undefined, count: number): string[] {
  const names = given ?? ['model', ...Array.from({ length: count - 1 }, (_, i) => `against ${i + 1}`)];
  if (names.length !== count || new Set(names).size !== count)
    throw new IngotError(
      'bad-options',
      `Stage 'evaluate', option 'names': wanted ${count} different names, the model's first and then those of 'against' in order, got ${names.join(', ') || 'none'}.`,
    );
  return [...names];
}

/** Throws `bad-input` when there is nothing to measure. */
function checkHeld(held: readonly string[] | undefined, tasks: readonly TaskValue[]): void {
  if (held ? held.every((document) => document === '') : tasks.length === 0)
    throw new IngotError(
      'bad-input',
      `Stage 'evaluate', input 'text': wanted text to measure on${held ? '' : ", or 'tasks'"}, got none. Give held-out documents, such as the output 'validation' of the stage 'split'.`,
    );
}

/** The held-out text's table and verdict, models and baselines together. */
async function* besideBaselines(
  held: readonly string[],
  { measurements }: Evaluation,
  {
    order,
    train,
    signal,
  }: { readonly order: number; readonly train: TextValue | undefined; readonly signal: AbortSignal },
) {
  const pause = pacer();
  const beside = await baselines(held, {
    order,
    train,
    breathe: async () => {
      await pause();
      signal.throwIfAborted();
    },
  });
  const own = measurements
    .filter(({ task }) => task === HELD)
    .map(({ model, value }) => ({ name: model, 'bits per byte': value }));
  const rows = [...own, ...beside];
  yield table('Bits per byte of held-out text', rows);
  const said = verdict(
    own[0]?.['bits per byte'] ?? Number.NaN,
    beside.map((row) => ({ name: row.name, bits: row['bits per byte'] })),
  );
  yield said.loses ? warning(said.text) : line(said.text);
  const notes = [
    ...(train
      ? [
          'The n-gram learns from the training text: interpolated Witten-Bell over all shorter contexts (Witten and Bell 1991).',
        ]
      : []),
    'gzip -9 is the size of the held-out documents in one stream, its header counted; it never sees the training text.',
  ];
  return { rows, said: said.text, notes };
}

/**
 * A model on held-out text, beside two baselines that anyone can make again (the n-gram needs the training text), and on tasks; and the same
 * of other models, every difference with a paired test and an interval. With a gate a model that fell is an error, and nothing after it runs.
 */
export const evaluateStage = defineStage({
  name: 'evaluate',
  version: 2,
  inputs: { model: Model, against: optional(many(Model)), text: optional(Text), train: optional(Text) },
  outputs: { report: Report },
  needs: { evaluator: Evaluator },
  mixes: ['tokenizer'],
  computes: true,
  options: z.strictObject({
    tasks: list(Task).prefault([]),
    names: z
      .array(z.string().min(1))
      .optional()
      .describe("Names in the report: the model's, then those of 'against' in order."),
    gate: gateOption
      .optional()
      .describe(
        "Holds the model back: 'no-regression', or { <task/measure>: { atMostWorseBy } }. Without it the stage only reports.",
      ),
    confidence: z.number().gt(0.5).lt(1).default(0.95).describe('Of the intervals.'),
    seed: z.int().min(0).default(0).describe('Of the resamples behind intervals and tests.'),
    order: z.int().min(1).max(6).default(5).describe('n of the byte n-gram: it sees n − 1 bytes of past.'),
    stride: z.int().positive().optional().describe('Tokens between windows; half of the context unless given.'),
  }),
  fingerprint: async ({ tasks }) => fingerprintTasks(tasks),
  estimate: ({ options, inputs }) => {
    if (!inputs.model || !inputs.text) return undefined;
    const models = [inputs.model, ...(inputs.against ?? [])];
    const { bytes } = inputs.text;
    return {
      bytes: Math.max(...models.map(weightBytes)),
      flops: models.reduce((sum, model) => {
        const { context } = model.design;
        return sum + 2 * parametersOf(model) * bytes * (context / (options.stride ?? context / 2));
      }, 0),
    };
  },
  async *run({ inputs, options, services, signal }) {
    const { confidence, seed, gate, order, stride } = options;
    const stored = [inputs.model, ...(inputs.against ?? [])] as const;
    const names = namesOf(options.names, stored.length);
    const held = inputs.text ? await documentsOf(inputs.text) : undefined;
    checkHeld(held, options.tasks);
    const tasks = [...(held ? [heldOutTask(held, HELD)] : []), ...options.tasks];
    checkTaskNames(tasks);
    const measured: MeasuredModel[] = [];
    for (const [i, model] of stored.entries()) {
      const named = { name: names[i] ?? '', model };
      measured.push(
        await measureModel(named, {
          evaluator: services.evaluator,
          tasks,
          ...(inputs.text ? { context: { text: inputs.text } } : {}),
          ...(stride === undefined ? {} : { scoring: { stride } }),
          signal,
        }),
      );
      if (stored.length > 1) yield line(`${named.name}: measured on ${tasks.map(({ name }) => name).join(', ')}.`);
    }
    const evaluation = compareModels(measured as [MeasuredModel, ...MeasuredModel[]], { confidence, seed });
    const notes: string[] = [];
    const rows: { name: string; 'bits per byte': number }[] = [];
    if (held) {
      const beside = yield* besideBaselines(held, evaluation, { order, train: inputs.train, signal });
      rows.push(...beside.rows);
      const { context } = inputs.model.design;
      const seen = context - (stride ?? Math.max(1, Math.floor(context / 2))) + 1;
      notes.push(
        beside.said,
        `Measured on ${inputs.text?.bytes ?? 0} bytes in ${held.length} documents; every prediction past the first window sees at least ${seen} tokens of its document.`,
        ...beside.notes,
      );
    }
    const others = { ...evaluation, measurements: evaluation.measurements.filter(({ task }) => task !== HELD) };
    for (const task of tasksOf(others))
      yield table(
        `Task ${task}`,
        taskRows(others.measurements, task).map(({ name, values }) => ({ name, ...values })),
      );
    if (evaluation.differences.length > 0) {
      yield table(
        'Differences',
        differenceRows(evaluation).map(({ name, values }) => ({ name, ...values })),
      );
      for (const { words } of evaluation.differences) yield line(words);
      notes.push(
        ...evaluation.differences.map(({ words }) => words),
        `Intervals of differences are ${100 * confidence}% intervals: Newcombe's for yes and no (1998), else the BCa bootstrap's over pairs of items (Efron 1987); p is two-sided, 'p (Holm)' corrects for all ${evaluation.differences.length} comparisons (Holm 1979). Items of text are blocks of 1,024 bytes.`,
      );
    }
    if (gate !== undefined) {
      checkGate(evaluation, gate);
      const passed = `The gate lets the model pass: ${gate === 'no-regression' ? 'no measure fell' : Object.keys(gate).join(', ')}.`;
      yield line(passed);
      notes.push(passed);
    }
    return {
      report: {
        title: tasksOf(others).length > 0 ? 'Evaluation' : 'Bits per byte of held-out text',
        rows: [...rows.map(({ name, ...values }) => ({ name, values })), ...reportRows(others)],
        notes,
      },
    };
  },
});
