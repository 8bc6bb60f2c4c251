// The world of the alignment tests: letters as tokens, a GPT of two layers with stated numbers, answers with an 'a' preferred; any device.
import { alignDpo } from '@ingot/align-dpo';
import { createIngot, definePlugin, type AnyPart, type Plugin, type RunEvent, type Store } from '@ingot/core';
import {
  ChatModel,
  Device,
  Evaluator,
  Examples,
  Model,
  Pairs,
  RewardModel,
  type DesignValue,
  type ExampleRow,
  type FeedbackRow,
  type ModelValue,
} from '@ingot/contracts';
import { fakeEvaluator } from '@ingot/contracts/fakes';
import { gpt, gptDesign, gptFamily } from '@ingot/model-gpt';
import { ParameterTree, referenceDevice, type Device as TensorDevice } from '@ingot/tensor';
import { sourcePlugin, sourceStage } from '@ingot/testing';
import { charactersJson, END_OF_TEXT, tokenizerValue } from '@ingot/text';
import { modelOfCopy, training } from '@ingot/training';

export const tokenizer = tokenizerValue(charactersJson([...'abcdefgh '], [END_OF_TEXT]));
/** The same letters and one more: another tokenizer. */
export const otherTokenizer = tokenizerValue(charactersJson([...'abcdefghi '], [END_OF_TEXT]));
/** V 10, T 24, C 16 unless said: two layers of two heads. */
export const designOf = (own = tokenizer, width = 16): DesignValue =>
  gptDesign({ layers: 2, heads: 2, width, context: 24, gelu: 'tanh', preset: 'minigpt' }, own);

/** Parameter q in the order of the design, number j: f32(0.2·sin(1 + 0.37j + 1.7q)), plus 1 for the weights of norms. */
export function statedModel(design: DesignValue = designOf()): ModelValue {
  const tree = ParameterTree.create(referenceDevice(), gptFamily.parameters(design));
  tree.values().forEach((parameter, q) => {
    const shift = /norm\d?\.weight$/.test(parameter.name) ? 1 : 0;
    parameter.load(
      Float32Array.from({ length: parameter.size }, (_, j) =>
        Math.fround(Math.fround(0.2 * Math.sin(1 + 0.37 * j + 1.7 * q)) + shift),
      ),
    );
  });
  const model = modelOfCopy(design, tree);
  tree.dispose();
  return model;
}

const letters = 'abcdefgh';
const draw = (n: number): number => (Math.imul(n + 1, 2654435761) >>> 8) % 1000;
/** Answers with an 'a' in them are better; lengths of prompts and answers differ. */
export const feedbackRows = (count: number): FeedbackRow[] =>
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

export interface World {
  readonly device?: TensorDevice;
  readonly rows?: readonly FeedbackRow[];
  readonly mix?: readonly ExampleRow[];
  /** Made anew each time: the model to align. */
  readonly model?: () => ModelValue;
  /** Of the reward model. */
  readonly rewardDesign?: DesignValue;
  readonly parts?: readonly AnyPart[];
  readonly plugins?: readonly Plugin[];
}
const rowsOf = <Row>(rows: readonly Row[]) => ({
  rows: rows.length,
  read: async function* () {
    yield* rows;
  },
});

/** An ingot with the methods, and stages that give models and rows. */
export function alignmentWorld(world: World = {}) {
  const { device = referenceDevice(), rows = feedbackRows(12), mix = [], model = statedModel } = world;
  const given = sourceStage('given', { chat: ChatModel, base: Model, feedback: Pairs, mix: Examples }, () => ({
    chat: model(),
    base: model(),
    feedback: rowsOf(rows),
    mix: rowsOf(mix),
  }));
  const judge = sourceStage('given-reward', { reward: RewardModel }, () => {
    const plain = statedModel(world.rewardDesign);
    return {
      reward: {
        ...plain,
        tensors: { ...plain.tensors, 'reward.weight': { shape: [1, 16], dtype: 'f32' as const } },
        read: async (name: string) =>
          name === 'reward.weight' ? Float32Array.from({ length: 16 }, (_, i) => 0.1 * i) : plain.read(name),
      },
    };
  });
  return createIngot({
    plugins: [
      training,
      gpt,
      alignDpo,
      sourcePlugin([given, judge]),
      ...(world.parts ? [definePlugin({ name: '@me/parts', parts: world.parts })] : []),
      ...(world.plugins ?? []),
    ],
    services: (bind) => {
      bind.value(Device, device, { fingerprint: 'fp32' });
      bind.value(Evaluator, fakeEvaluator());
    },
  });
}

export interface Run extends World {
  /** Ports beside model and feedback, or in their place. */
  readonly from?: Readonly<Record<string, string>>;
  /** Stages before, by name. */
  readonly before?: Readonly<Record<string, unknown>>;
  readonly store?: Store;
}
/** Numbers of a model by name. */
export type Numbers = Readonly<Record<string, Float32Array>>;

/** given -> method: the aligned model's numbers, and all that was said. */
export async function alignBy(
  use: string,
  how: Readonly<Record<string, unknown>>,
  { from, before, store, ...world }: Run = {},
): Promise<{ readonly numbers: Numbers; readonly events: readonly RunEvent[] }> {
  const ingot = alignmentWorld(world);
  try {
    const run = ingot
      .fromRecipe({
        name: 'aligned',
        seed: 5,
        stages: {
          given: { use: 'given' },
          ...before,
          aligned: { use, from: { model: 'given.chat', feedback: 'given.feedback', ...from }, how },
        },
        outputs: { model: 'aligned.model' },
      })
      .run(store ? { store } : {});
    const events: RunEvent[] = [];
    run.events.subscribe((event) => events.push(event));
    const { model } = (await run.result()) as { model: ModelValue };
    const numbers: Record<string, Float32Array> = {};
    for (const name of Object.keys(model.tensors)) numbers[name] = await model.read(name);
    return { numbers, events };
  } finally {
    await ingot.dispose();
  }
}

/** Each step's value of a metric; undefined where a step has none. */
export const series = (events: readonly RunEvent[], name: string): (number | undefined)[] =>
  events.flatMap((event) =>
    event.type === 'metric' && event.stage === 'aligned' && 'loss' in event.values ? [event.values[name]] : [],
  );
/** Largest difference of any number of two models. */
export const distance = (a: Numbers, b: Numbers): number =>
  Math.max(
    ...Object.entries(a).map(([name, numbers]) =>
      numbers.reduce((most, x, i) => Math.max(most, Math.abs(x - (b[name]?.[i] ?? Number.NaN))), 0),
    ),
  );
