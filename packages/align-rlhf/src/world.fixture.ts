// A tiny world for tests of the methods: a tokenizer of letters, a GPT of width 16, prompts, and rewards that pay for a letter.
import { createIngot, definePlugin, defineStage, type IngotError, type RunEvent, type Store } from '@ingot/core';
import {
  ChatModel,
  Device,
  Examples,
  Family,
  Pairs,
  Prompts,
  Reward,
  RewardModel,
  type DesignValue,
  type FamilyValue,
  type FeedbackRow,
  type ModelValue,
  type RewardValue,
  type RowsValue,
} from '@ingot/contracts';
import { gpt, gptDesign, gptFamily } from '@ingot/model-gpt';
import { referenceDevice, type Device as TensorDevice } from '@ingot/tensor';
import { charactersJson, END_OF_TEXT, tokenizerValue } from '@ingot/text';
import { initialParameters, modelOfCopy, rewardHead, training } from '@ingot/training';
import * as z from 'zod';
import { alignRlhf } from './index.js';

export const tokenizer = tokenizerValue(charactersJson([...'abcdefgh '], [END_OF_TEXT]));
export const design: DesignValue = gptDesign({ layers: 1, heads: 2, width: 16, context: 24 }, tokenizer);
export const device = referenceDevice();

/** Drawn numbers, larger than at the start of a training, so that nothing is uniform; `head`: with a reward head. */
export const startModel = (seed = 3, head = false): ModelValue => {
  const specs = [...gptFamily.parameters(design), ...(head ? [rewardHead(16)] : [])].map((spec) =>
    spec.init.kind === 'normal' ? { ...spec, init: { kind: 'normal' as const, std: 0.15 } } : spec,
  );
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
/** Prompts of one to three letters, with two ranked answers: one with more of the letter a. */
export const feedbackRows = (count = 12): FeedbackRow[] =>
  Array.from({ length: count }, (_, i) => ({
    prompt: `${letters[i % 8]}${letters[(3 * i + 1) % 8]}${i % 2 ? letters[(5 * i) % 8] : ''} `,
    completions: [
      { text: `a${letters[(i + 2) % 8]}a`, rank: 0 },
      { text: `${letters[1 + ((i + 3) % 7)]}${letters[1 + (i % 7)]}`, rank: 1 },
    ],
  }));

/** Share of the letter a among the first eight letters. */
export const letterA = (text: string): number =>
  Array.from(text.slice(0, 8)).filter((letter) => letter === 'a').length / 8;
const rewardPart = (name: string, value: RewardValue) =>
  Reward.part({ name, version: 1, options: z.strictObject({}), make: () => value });

const familyPart = (family: FamilyValue) =>
  Family.part({ name: 'gpt', version: 1, options: z.strictObject({}), make: () => family });

export interface WorldHow {
  readonly rows?: readonly FeedbackRow[];
  readonly model?: ModelValue;
  /** Beside 'letter-a': rewards by name. */
  readonly rewards?: Readonly<Record<string, RewardValue>>;
  readonly on?: TensorDevice;
  /** In place of the GPT. */
  readonly family?: FamilyValue;
}
const given = ({ rows = feedbackRows(), model }: WorldHow) =>
  defineStage({
    name: 'given',
    version: 1,
    inputs: {},
    outputs: { model: ChatModel, other: ChatModel, prompts: Prompts, pairs: Pairs, reward: RewardModel, mix: Examples },
    options: z.strictObject({}),
    async *run() {
      return {
        model: model ?? startModel(),
        other: startModel(4),
        prompts: rowsOf(rows),
        pairs: rowsOf(rows),
        mix: rowsOf([{ prompt: 'ab', completion: 'cd' }, { text: 'gh ef' }]),
        reward: startModel(8, true),
      };
    },
  });

export const plugins = (how: WorldHow = {}) => [
  training,
  how.family ? definePlugin({ name: 'test-family', parts: [familyPart(how.family)] }) : gpt,
  alignRlhf,
  definePlugin({
    name: 'test-given',
    stages: [given(how)],
    parts: Object.entries({ 'letter-a': ({ text }: { text: string }) => letterA(text), ...how.rewards }).map(
      ([name, value]) => rewardPart(name, value),
    ),
  }),
];
export const world = (how: WorldHow = {}) =>
  createIngot({
    plugins: plugins(how),
    services: (bind) => bind.value(Device, how.on ?? device, { fingerprint: 'fp32' }),
  });

/** Options that most tests share. */
export const brief = {
  steps: 4,
  batch: 4,
  generations: 4,
  tokens: 6,
  heldOut: 0.2,
  optimiser: { use: 'adamw', lr: 1e-2 },
  rewards: [{ use: 'letter-a' }],
  watch: { samples: 2 },
} as const;

/** given -> method, from data as a recipe is; gives the aligned model's numbers and the events. */
export async function alignBy(
  use: string,
  options: Readonly<Record<string, unknown>> = brief,
  how: WorldHow & {
    readonly from?: Readonly<Record<string, string>>;
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
        aligned: { use, from: { model: 'given.model', feedback: 'given.prompts', ...how.from }, how: options },
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
/** What it warned of. */
export const warnings = (events: readonly RunEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'warning' ? [event.text] : []));
