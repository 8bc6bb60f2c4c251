// A tiny world for tuning: characters with control tokens, a small GPT of random numbers, and stages that give rows.
import { createIngot, definePlugin, defineStage, type RunEvent, type Store } from '@ingot/core';
import {
  Device,
  Examples,
  Model,
  Pairs,
  RewardModel,
  type ExampleRow,
  type FeedbackRow,
  type ModelValue,
  type RowsValue,
} from '@ingot/contracts';
import { gpt, gptDesign, gptFamily } from '@ingot/model-gpt';
import { plainWeights, referenceDevice, type Device as TensorDevice } from '@ingot/tensor';
import { charactersJson, END_OF_TEXT, tokenizerValue } from '@ingot/text';
import { initialParameters, modelOfCopy, training } from '@ingot/training';
import * as z from 'zod';
import { supervised } from './index.js';

export const special = [END_OF_TEXT, '<|im_start|>', '<|im_end|>'];
const characters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ .,?!:#\n<|>_'];
export const chatTokenizer = tokenizerValue(charactersJson(characters, special));
/** Without control tokens: it cannot spell ChatML. */
export const plainTokenizer = tokenizerValue(charactersJson(characters, [END_OF_TEXT]));

export const shape = { layers: 1, heads: 2, width: 16, context: 64, dropout: 0 } as const;
/** A model of random numbers. */
export function tinyModel(tokenizer = chatTokenizer, seed = 1, sizes: Parameters<typeof gptDesign>[0] = shape) {
  const design = gptDesign(sizes, tokenizer);
  const parameters = initialParameters(referenceDevice(), gptFamily.parameters(design), seed);
  const model = modelOfCopy(design, parameters);
  parameters.dispose();
  return model;
}
/** The same, on a device. */
export function tinyLive(device: TensorDevice = referenceDevice(), sizes: Parameters<typeof gptDesign>[0] = shape) {
  const design = gptDesign(sizes, chatTokenizer);
  const parameters = initialParameters(device, gptFamily.parameters(design), 1);
  return { device, family: gptFamily, design, parameters, weights: plainWeights(parameters) };
}

/** Rows as the value of a port. */
export const rowsOf = <Row>(rows: readonly Row[]): RowsValue<Row> => ({
  rows: rows.length,
  async *read() {
    yield* rows;
  },
});

const rowsOption = z.strictObject({ rows: z.array(z.json()) });
const examples = defineStage({
  name: 'rows',
  version: 1,
  inputs: {},
  outputs: { examples: Examples },
  options: rowsOption,
  async *run({ options }) {
    return { examples: rowsOf(options.rows as unknown as ExampleRow[]) };
  },
});
const pairs = defineStage({
  name: 'pairs',
  version: 1,
  inputs: {},
  outputs: { feedback: Pairs },
  options: rowsOption,
  async *run({ options }) {
    return { feedback: rowsOf(options.rows as unknown as FeedbackRow[]) };
  },
});
const base = defineStage({
  name: 'base',
  version: 1,
  inputs: {},
  outputs: { model: Model },
  options: z.strictObject({ plain: z.boolean().default(false) }),
  async *run({ options }) {
    return { model: tinyModel(options.plain ? plainTokenizer : chatTokenizer) };
  },
});

/** Uses a reward model beside a model, as an alignment stage does. */
const judged = defineStage({
  name: 'judged',
  version: 1,
  inputs: { model: Model, reward: RewardModel },
  outputs: { model: Model },
  options: z.strictObject({}),
  async *run({ inputs }) {
    return { model: inputs.model };
  },
});

/** An ingot with the stages above. */
export const tuningWorld = (device = referenceDevice()) =>
  createIngot({
    plugins: [training, gpt, supervised, definePlugin({ name: 'test-rows', stages: [examples, pairs, base, judged] })],
    services: (bind) => bind.value(Device, device, { fingerprint: 'fp32' }),
  });

/** Rows as options take them. */
export const asJson = (rows: readonly (ExampleRow | FeedbackRow)[]) =>
  JSON.parse(JSON.stringify(rows)) as z.core.util.JSONType[];

interface Pipeline<Results> {
  run(options: { store?: Store; signal?: AbortSignal }): {
    readonly events: { subscribe(each: (event: RunEvent) => void): unknown };
    result(): Promise<Results>;
  };
}
/** Runs to the end: the results and all events. */
export async function runAll<Results>(
  pipeline: Pipeline<Results>,
  options: { store?: Store; signal?: AbortSignal } = {},
): Promise<{ readonly results: Results; readonly events: readonly RunEvent[] }> {
  const run = pipeline.run(options);
  const events: RunEvent[] = [];
  run.events.subscribe((event) => events.push(event));
  return { results: await run.result(), events };
}
/** Every tensor's numbers by name. */
export const numbersOf = async (model: ModelValue): Promise<Map<string, number[]>> =>
  new Map(
    await Promise.all(
      Object.keys(model.tensors).map(async (name): Promise<[string, number[]]> => [
        name,
        [...(await model.read(name))],
      ]),
    ),
  );
