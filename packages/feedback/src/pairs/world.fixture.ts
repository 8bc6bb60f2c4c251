// A tiny world for the stages of feedback: a model of random letters, prompts, and ways to run and to read.
/* oxlint-disable require-yield -- stages that only return a value are generators all the same */
import {
  ChatModel,
  device,
  Model,
  Pairs,
  Prompts,
  RewardModel,
  Tokenizer,
  type ChatFormat,
  type FeedbackRow,
  type ModelValue,
  type ParameterSpec,
  type RowsValue,
  type TokenizerValue,
} from '@ingot/contracts';
import { fakeRows } from '@ingot/contracts/fakes';
import { createIngot, definePlugin, defineStage, type RunEvent } from '@ingot/core';
import { gptDesign, gptFamily, gptFamilyPart } from '@ingot/model-gpt';
import { ParameterTree, referenceDevice } from '@ingot/tensor';
import { charactersJson, chatFormats, END_OF_TEXT, tokenizerValue } from '@ingot/text';
import { initialise, modelOfCopy, rewardHead } from '@ingot/training';
import * as z from 'zod';
import { feedback } from '../index.js';

const letters = [...'abcdefg '];

/** One block of width 8 with large random weights, and what else it is to hold. */
function tinyGpt(
  tokenizer: TokenizerValue,
  more: readonly ParameterSpec[],
  { context = 24, chat }: { readonly context?: number; readonly chat?: ChatFormat } = {},
): ModelValue {
  const design = {
    ...gptDesign({ layers: 1, heads: 2, width: 8, context, initStd: 0.4 }, tokenizer),
    ...(chat ? { chat } : {}),
  };
  const specs = [...gptFamily.parameters(design), ...more];
  const tree = ParameterTree.create(referenceDevice(), specs);
  for (const spec of specs) initialise(spec, tree.get(spec.name), 11 + more.length);
  const model = modelOfCopy(design, tree);
  tree.dispose();
  return model;
}

export const world = definePlugin({
  name: 'test/world',
  parts: [gptFamilyPart],
  stages: [
    defineStage({
      name: 'a-tokenizer',
      version: 1,
      inputs: {},
      outputs: { tokenizer: Tokenizer },
      options: z.strictObject({ more: z.string().default('') }),
      async *run({ options }) {
        return { tokenizer: tokenizerValue(charactersJson([...letters, ...options.more], [END_OF_TEXT])) };
      },
    }),
    defineStage({
      name: 'a-model',
      version: 1,
      inputs: { tokenizer: Tokenizer },
      outputs: { model: Model },
      options: z.strictObject({}),
      async *run({ inputs }) {
        return { model: tinyGpt(inputs.tokenizer, []) };
      },
    }),
    defineStage({
      name: 'a-chat-model',
      version: 1,
      inputs: {},
      outputs: { model: ChatModel },
      options: z.strictObject({}),
      async *run() {
        const special = [END_OF_TEXT, '<|im_start|>', '<|im_end|>'];
        const spoken = tokenizerValue(charactersJson([...'abcdefghijklmnopqrstuvwxyz \n'], special));
        return { model: tinyGpt(spoken, [], { context: 96, chat: chatFormats.chatml }) };
      },
    }),
    defineStage({
      name: 'a-reward-model',
      version: 1,
      inputs: { tokenizer: Tokenizer },
      outputs: { reward: RewardModel },
      options: z.strictObject({}),
      async *run({ inputs }) {
        return { reward: tinyGpt(inputs.tokenizer, [rewardHead(8)]) };
      },
    }),
    defineStage({
      name: 'some-prompts',
      version: 1,
      inputs: {},
      outputs: { prompts: Prompts },
      options: z.strictObject({
        count: z.int().default(20),
        prompts: z.array(z.string()).optional(),
        chat: z.boolean().default(false),
        answer: z.string().optional(),
      }),
      async *run({ options }) {
        const prompt = (i: number) => `${letters[i % 7]}${letters[(i >> 3) % 7]} `;
        return {
          prompts: fakeRows(
            (options.prompts ?? Array.from({ length: options.count }, (_, i) => prompt(i))).map((text) => ({
              prompt: options.chat ? [{ role: 'user' as const, content: text }] : text,
              completions: options.answer === undefined ? [] : [{ text: options.answer, label: true }],
            })),
          ),
        };
      },
    }),
    defineStage({
      name: 'given-pairs',
      version: 1,
      inputs: {},
      outputs: { feedback: Pairs },
      options: z.strictObject({ rows: z.array(z.tuple([z.string(), z.string()])) }),
      async *run({ options }) {
        const rows = options.rows.map(([best, worst], i) => ({
          prompt: `p${i}`,
          completions: [
            { text: best, rank: 0 },
            { text: worst, rank: 1 },
          ],
        }));
        return { feedback: fakeRows<FeedbackRow>(rows) };
      },
    }),
  ],
});
export const ingot = createIngot({ plugins: [device('reference'), world, feedback] });

export async function rowsOf(value: RowsValue<FeedbackRow>): Promise<FeedbackRow[]> {
  const rows: FeedbackRow[] = [];
  for await (const row of value.read()) rows.push(row);
  return rows;
}
interface Watched {
  readonly events: { subscribe(next: (event: RunEvent) => void): unknown };
}
/** Events of a run, filled as they come. */
export function eventsOf(run: Watched): RunEvent[] {
  const events: RunEvent[] = [];
  run.events.subscribe((event) => events.push(event));
  return events;
}
