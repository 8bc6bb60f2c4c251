// A tiny world for tests of the methods: a byte-like tokenizer, a GPT of width 16, preferences for one letter over another.
import { createIngot, definePlugin, defineStage, type IngotError, type RunEvent, type Store } from '@ingot/core';
import {
  AlignedModel,
  ChatModel,
  Device,
  Evaluator,
  Examples,
  Model,
  Pairs,
  type DesignValue,
  type ExampleRow,
  type FeedbackRow,
  type ModelValue,
  type RowsValue,
} from '@ingot/contracts';
import { fakeEvaluator } from '@ingot/contracts/fakes';
import { gpt, gptDesign, gptFamily } from '@ingot/model-gpt';
import { referenceDevice } from '@ingot/tensor';
import { charactersJson, END_OF_TEXT, tokenizerValue } from '@ingot/text';
import { initialParameters, modelOfCopy, training } from '@ingot/training';
import * as z from 'zod';
import { alignDpo } from '../index.js';

export const tokenizer = tokenizerValue(charactersJson([...'abcdefgh '], [END_OF_TEXT]));
export const design: DesignValue = gptDesign({ layers: 1, heads: 2, width: 16, context: 24 }, tokenizer);
export const device = referenceDevice();

/** The model before alignment: drawn numbers, larger than at the start of a training, so that nothing is uniform. */
export const startModel = (seed = 3): ModelValue => {
  const specs = gptFamily
    .parameters(design)
    .map((spec) => (spec.init.kind === 'normal' ? { ...spec, init: { kind: 'normal' as const, std: 0.15 } } : spec));
  const tree = initialParameters(device, specs, seed);
  const model = modelOfCopy(design, tree);
  tree.dispose();
  return model;
};

export const rowsOf = <Row>(rows: readonly Row[]): RowsValue<Row> => ({
  rows: rows.length,
  read: async function* () {
    yield* rows;
  },
});
const letters = 'abcdefgh';
const draw = (n: number): number => (Math.imul(n + 1, 2654435761) >>> 8) % 1000;
/** Answers with an 'a' in them are better; lengths differ. */
export const feedbackRows = (count = 24): FeedbackRow[] =>
  Array.from({ length: count }, (_, i) => {
    const word = (salt: number, length: number): string =>
      Array.from({ length }, (_letter, t) => letters[1 + (draw(31 * i + 7 * t + salt) % 7)]!).join('');
    return {
      prompt: `${word(1, 2 + (i % 3))} `,
      completions: [
        { text: `a${word(2, 1 + (i % 4))}`, rank: 0 },
        { text: word(3, 2 + (i % 3)), rank: 1 },
      ],
    };
  });

export interface WorldHow {
  readonly rows?: readonly FeedbackRow[];
  readonly mix?: readonly ExampleRow[];
  readonly model?: ModelValue;
}
const sources = ({ rows = feedbackRows(), mix, model }: WorldHow) =>
  defineStage({
    name: 'given',
    version: 1,
    inputs: {},
    outputs: { model: ChatModel, base: Model, feedback: Pairs, mix: Examples, aligned: AlignedModel },
    options: z.strictObject({}),
    async *run() {
      const made = model ?? startModel();
      return {
        model: made,
        base: made,
        aligned: made,
        feedback: rowsOf(rows),
        mix: rowsOf(mix ?? [{ prompt: 'ab', completion: 'cd' }, { text: 'gh ef' }]),
      };
    },
  });

export const world = (how: WorldHow = {}) =>
  createIngot({
    plugins: [training, gpt, alignDpo, definePlugin({ name: 'test-given', stages: [sources(how)] })],
    services: (bind) => {
      bind.value(Device, device, { fingerprint: 'fp32' });
      bind.value(Evaluator, fakeEvaluator());
    },
  });
/** Options that most tests share. */
export const brief = {
  steps: 4,
  batch: 6,
  heldOut: 0.2,
  optimiser: { use: 'adamw', lr: 3e-3 },
  watch: { samples: 2, tokens: 6 },
} as const;

/** given -> method, from data as a recipe is; gives the aligned model's numbers, the events, and the error where it failed. */
export async function alignBy(
  use: string,
  options: Readonly<Record<string, unknown>> = brief,
  how: WorldHow & {
    readonly from?: Readonly<Record<string, string>>;
    readonly before?: Readonly<Record<string, unknown>>;
    readonly store?: Store;
    readonly signal?: AbortSignal;
    watch?(event: RunEvent): void;
  } = {},
) {
  const ingot = world(how);
  try {
    const pipeline = ingot.fromRecipe({
      name: 'aligned',
      seed: 5,
      stages: {
        given: { use: 'given' },
        ...how.before,
        aligned: { use, from: { model: 'given.model', feedback: 'given.feedback', ...how.from }, how: options },
      },
      outputs: { model: 'aligned.model' },
    });
    const run = pipeline.run({ ...(how.store && { store: how.store }), ...(how.signal && { signal: how.signal }) });
    const events: RunEvent[] = [];
    run.events.subscribe((event) => {
      events.push(event);
      how.watch?.(event);
    });
    const { model } = (await run.result()) as { model: ModelValue };
    const numbers: Record<string, Float32Array> = {};
    for (const name of Object.keys(model.tensors)) numbers[name] = await model.read(name);
    return { model, numbers, events };
  } finally {
    await ingot.dispose();
  }
}
/** Why it failed. Throws when it did not. */
export const failure = async (run: Promise<unknown>): Promise<IngotError> => {
  const error: unknown = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined) throw new Error('wanted a failure');
  return error as IngotError;
};
/** Largest difference of any number. */
export const distance = (a: Record<string, Float32Array>, b: Record<string, Float32Array>): number =>
  Math.max(
    ...Object.entries(a).map(([name, numbers]) =>
      numbers.reduce((most, x, i) => Math.max(most, Math.abs(x - (b[name]?.[i] ?? Number.NaN))), 0),
    ),
  );
/** One metric over all steps that have it. */
export const series = (events: readonly RunEvent[], name: string): number[] =>
  events.flatMap((event) =>
    event.type === 'metric' && event.stage === 'aligned' && event.values[name] !== undefined
      ? [event.values[name]]
      : [],
  );
