// A tiny world for the stages of the constitution: a chat model of random weights over ASCII, prompts, and scripted speakers.
/* oxlint-disable require-yield -- stages that only return a value are generators all the same */
import { ChatModel, Device, Judge, Prompts, type FeedbackRow, type JudgeFunction } from '@ingot/contracts';
import { fakeRows } from '@ingot/contracts/fakes';
import { createIngot, definePlugin, defineStage, type RunEvent } from '@ingot/core';
import { gptDesign, gptFamily, gptFamilyPart } from '@ingot/model-gpt';
import { ParameterTree, referenceDevice } from '@ingot/tensor';
import { charactersJson, chatFormats, END_OF_TEXT, tokenizerValue } from '@ingot/text';
import { initialise, modelOfCopy } from '@ingot/training';
import * as z from 'zod';
import { constitution } from './index.js';
import type { Speaker } from './speak/speaker.js';

const ascii = Array.from({ length: 95 }, (_, i) => String.fromCodePoint(32 + i));
const spoken = tokenizerValue(charactersJson([...ascii, '\n'], [END_OF_TEXT, '<|im_start|>', '<|im_end|>']));
/** A chat model of random weights. */
export const tinyChat = ({ context = 768, chat = true } = {}) => {
  const design = {
    ...gptDesign({ layers: 1, heads: 1, width: 8, context, initStd: 0.4 }, spoken),
    ...(chat ? { chat: chatFormats.chatml } : {}),
  };
  const tree = ParameterTree.create(referenceDevice(), gptFamily.parameters(design));
  for (const spec of gptFamily.parameters(design)) initialise(spec, tree.get(spec.name), 5);
  const model = modelOfCopy(design, tree);
  tree.dispose();
  return model;
};

const judges = {
  first: () => 0.9,
  longer: ({ first, second }) => (first.length > second.length ? 0.8 : 0.2),
  throws: () => {
    throw new Error('not at home');
  },
  hangs: () => new Promise<number>(() => undefined),
} satisfies Record<string, JudgeFunction>;

export const world = definePlugin({
  name: 'test/constitution',
  parts: [
    gptFamilyPart,
    Judge.part({
      name: 'scripted',
      version: 1,
      options: z.strictObject({ says: z.enum(['first', 'longer', 'throws', 'hangs']) }),
      make: ({ says }) => judges[says],
    }),
  ],
  stages: [
    defineStage({
      name: 'a-chat-model',
      version: 1,
      inputs: {},
      outputs: { model: ChatModel },
      options: z.strictObject({ context: z.int().default(768), chat: z.boolean().default(true) }),
      async *run({ options }) {
        return { model: tinyChat(options) };
      },
    }),
    defineStage({
      name: 'some-prompts',
      version: 1,
      inputs: {},
      outputs: { prompts: Prompts },
      options: z.strictObject({ count: z.int().default(5), given: z.boolean().default(false) }),
      async *run({ options }) {
        const rows = Array.from({ length: options.count }, (_, i): FeedbackRow => ({
          prompt: `question ${i}`,
          completions: options.given ? [{ text: 'short' }, { text: `a longer answer ${i}` }] : [],
        }));
        return { prompts: fakeRows(rows) };
      },
    }),
  ],
});
export const shared = referenceDevice();
export const ownDevice = definePlugin({
  name: 'test/device',
  services: (bind) => bind.factory(Device, {}, () => shared, { fingerprint: 'fp32' }),
});
export const plugins = [ownDevice, world, constitution] as const;
export const ingot = createIngot({ plugins });

/** Events of a run, filled as they come. */
export const eventsOf = (run: {
  readonly events: { subscribe(next: (event: RunEvent) => void): unknown };
}): RunEvent[] => {
  const events: RunEvent[] = [];
  run.events.subscribe((event) => events.push(event));
  return events;
};

/** A speaker that answers by a rule, and remembers what it was asked. */
export const scripted = (
  rule: (last: string, all: readonly string[]) => string | undefined,
): Speaker & { readonly asked: string[][] } => {
  const asked: string[][] = [];
  return {
    asked,
    dispose: () => undefined,
    say: async (conversations) =>
      conversations.map(({ messages }) => {
        const said = messages.map(({ role, content }) => `${role}: ${content}`);
        asked.push(said);
        const text = rule(messages.at(-1)?.content ?? '', said);
        return text === undefined ? undefined : { text, read: said.join('\n').length, written: text.length };
      }),
  };
};
