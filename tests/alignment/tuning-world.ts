// The world of the planted faults: everything that learns from data or makes it, with a tokenizer that has control tokens, and rows from options.
import { alignDpo } from '@ingot/align-dpo';
import {
  ChatModel,
  Device,
  Evaluator,
  Examples,
  Judge,
  Model,
  Pairs,
  Reward,
  type ChatFormat,
  type ExampleRow,
  type FeedbackRow,
} from '@ingot/contracts';
import { fakeEvaluator } from '@ingot/contracts/fakes';
import { createIngot, definePlugin, type IngotError, type RunEvent } from '@ingot/core';
import { feedback } from '@ingot/feedback';
import { gpt, gptDesign, gptFamily } from '@ingot/model-gpt';
import { supervised } from '@ingot/supervised';
import { referenceDevice } from '@ingot/tensor';
import { sourcePlugin, sourceStage } from '@ingot/testing';
import { charactersJson, END_OF_TEXT, tokenizerValue } from '@ingot/text';
import { initialParameters, modelOfCopy, training } from '@ingot/training';
import * as z from 'zod';

/** Control tokens of ChatML, and names of padding. */
const special = [END_OF_TEXT, '<|im_start|>', '<|im_end|>', '<|pad|>'];
const tokenizer = tokenizerValue(charactersJson([...'abcdefghijklmnopqrstuvwxyz <|>_\n'], special));
/** A model of random numbers, V 37, C 16; with a chat format where one is given. */
export function tinyModel(chat?: ChatFormat) {
  const design = gptDesign({ layers: 1, heads: 2, width: 16, context: 64 }, tokenizer);
  const parameters = initialParameters(referenceDevice(), gptFamily.parameters(design), 1);
  const model = modelOfCopy(chat ? { ...design, chat } : design, parameters);
  parameters.dispose();
  return model;
}

/** A reward that is a number for short answers only. */
const broken = Reward.part({ name: 'broken', version: 1, options: z.strictObject({}), make: () => () => Number.NaN });
/** A judge that answers in words. */
const talks = Judge.part({
  name: 'talks',
  version: 1,
  options: z.strictObject({}),
  make: () => () => 'The first one, I think.' as unknown as number,
});

export interface Given {
  readonly examples?: readonly ExampleRow[];
  readonly feedback?: readonly FeedbackRow[];
  readonly chat?: ChatFormat;
}
const rowsOf = <Row>(rows: readonly Row[]) => ({
  rows: rows.length,
  async *read() {
    yield* rows;
  },
});
/** `given.chat`, `given.base`, `given.examples`, `given.feedback`; `other.chat` is of another origin, and so has another tokenizer. */
const faultWorld = (given: Given) =>
  createIngot({
    plugins: [
      training,
      gpt,
      supervised,
      alignDpo,
      feedback,
      definePlugin({ name: '@me/broken', parts: [broken, talks] }),
      sourcePlugin([
        sourceStage('given', { chat: ChatModel, base: Model, examples: Examples, feedback: Pairs }, () => ({
          chat: tinyModel(given.chat),
          base: tinyModel(given.chat),
          examples: rowsOf(given.examples ?? []),
          feedback: rowsOf(given.feedback ?? []),
        })),
        sourceStage('other', { chat: ChatModel }, () => ({ chat: tinyModel() })),
      ]),
    ],
    services: (bind) => {
      bind.value(Device, referenceDevice(), { fingerprint: 'fp32' });
      bind.value(Evaluator, fakeEvaluator());
    },
  });

export interface StageOf {
  readonly use: string;
  readonly from?: Readonly<Record<string, string>>;
  readonly how?: Readonly<Record<string, unknown>>;
}
/** given, other, stages before, and the stage `it`: what was said, and what stopped it. */
export async function attempt(
  it: StageOf,
  { before = {}, plan = false, ...given }: Given & { before?: Readonly<Record<string, StageOf>>; plan?: boolean } = {},
): Promise<{ readonly error?: IngotError; readonly events: readonly RunEvent[]; readonly warnings: string }> {
  const ingot = faultWorld(given);
  const events: RunEvent[] = [];
  const told = (error?: unknown) => ({
    ...(error === undefined ? {} : { error: error as IngotError }),
    events,
    warnings: events.flatMap((event) => (event.type === 'warning' ? [event.text] : [])).join('\n'),
  });
  try {
    const pipeline = ingot.fromRecipe({
      name: 'faults',
      seed: 1,
      stages: { given: { use: 'given' }, other: { use: 'other' }, ...before, it },
      outputs: { [OUTPUT_OF[it.use] ?? 'model']: `it.${OUTPUT_OF[it.use] ?? 'model'}` },
    });
    if (plan) {
      await pipeline.plan();
      return told();
    }
    const run = pipeline.run();
    run.events.subscribe((event) => events.push(event));
    await run.result();
    return told();
  } catch (error) {
    return told(error);
  } finally {
    await ingot.dispose();
  }
}
/** Where it is not `model`. */
const OUTPUT_OF: Readonly<Record<string, string>> = {
  'reward-model': 'reward',
  'judge-pairs': 'feedback',
  label: 'feedback',
};
