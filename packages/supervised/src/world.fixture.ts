// A tiny world for tests: a text in code, a character tokenizer, and the plugins that train on it on the reference device.
import { createIngot, definePlugin, defineStage, type RunEvent, type Store } from '@ingot/core';
import { Device, Tokenizer, Tokens, type TokenStream, type TokensValue } from '@ingot/contracts';
import { gpt, gptOptions } from '@ingot/model-gpt';
import { referenceDevice } from '@ingot/tensor';
import { charactersJson, END_OF_TEXT, loadTokenizer, tokenizerValue } from '@ingot/text';
import { training } from '@ingot/training';
import * as z from 'zod';
import { pretrainOptions, pretrainView, supervised } from './index.js';

const sentence = 'the whale swims on, and the sea is wide; ';
export const tokenizer = tokenizerValue(charactersJson([...new Set(sentence)].sort(), [END_OF_TEXT]));

const streamOf = (text: string): TokenStream => {
  const ids = loadTokenizer(tokenizer).encode(text);
  return {
    tokens: ids.length,
    bytes: text.length,
    documents: 1,
    read: (start, count) => ids.slice(start, start + count),
  };
};
export const tokens = (repeats = 20, validation = sentence.repeat(3)): TokensValue => ({
  vocabSize: tokenizer.vocabSize,
  tokenizer: tokenizer.digest,
  splits: { train: streamOf(sentence.repeat(repeats)), validation: streamOf(validation) },
});

/** A text as tokens, with what a test wants to be wrong about it. */
const corpus = defineStage({
  name: 'corpus',
  version: 1,
  inputs: {},
  outputs: { tokens: Tokens, tokenizer: Tokenizer },
  options: z.strictObject({ repeats: z.int().default(20), validation: z.string().default(sentence.repeat(3)) }),
  async *run({ options }) {
    return { tokens: tokens(options.repeats, options.validation), tokenizer };
  },
});
/** Tokens that claim another tokenizer, where core's own check does not look. */
const foreign = defineStage({
  name: 'foreign',
  version: 1,
  inputs: {},
  outputs: { tokens: Tokens },
  options: z.strictObject({}),
  async *run() {
    return { tokens: { ...tokens(), tokenizer: 'f'.repeat(64) } };
  },
});

export const world = (device = referenceDevice()) => {
  const ingot = createIngot({
    plugins: [training, gpt, supervised, definePlugin({ name: 'test-corpus', stages: [corpus, foreign] })],
    services: (bind) => bind.value(Device, device, { fingerprint: 'fp32' }),
  });
  return { ingot, device };
};
type World = ReturnType<typeof world>;
/** The sizes of most tests. */
export const shape = { layers: 1, heads: 2, width: 16, context: 16 } as const;
export const brief = {
  steps: 12,
  batch: 4,
  length: 8,
  evalEvery: 4,
  evalWindows: 4,
  optimiser: { use: 'adamw', lr: 1e-2 },
} as const;

/** What `g.add('pretrain', …)` takes here. */
export type PretrainHow = Omit<
  z.input<typeof pretrainOptions> & z.input<typeof pretrainView>,
  'optimiser' | 'schedule'
> & {
  optimiser?: { use: 'adamw'; lr?: number; weightDecay?: number } | { use: 'sgd'; lr?: number };
  schedule?: { use: 'constant' } | { use: 'cosine'; warmup?: number };
};
/** corpus -> gpt -> pretrain. */
export function pipeline(
  { ingot }: World,
  how: PretrainHow = brief,
  seed = 1,
  design: z.input<typeof gptOptions> = shape,
  text: { repeats?: number; validation?: string } = {},
) {
  return ingot.pipeline(
    'tiny',
    (g) => {
      const { tokens: packed, tokenizer: made } = g.add('corpus', {}, text);
      const { design: planned } = g.add('gpt', { tokenizer: made }, design);
      const { model } = g.add('pretrain', { design: planned, tokens: packed }, how);
      return { model };
    },
    { seed },
  );
}

/** Runs to the end: the model's numbers by name, and all events. */
export async function train(made: ReturnType<typeof pipeline>, options: { store?: Store; signal?: AbortSignal } = {}) {
  const run = made.run(options);
  const events: RunEvent[] = [];
  run.events.subscribe((event) => events.push(event));
  const { model } = await run.result();
  const numbers = new Map<string, number[]>();
  for (const name of Object.keys(model.tensors)) numbers.set(name, [...(await model.read(name))]);
  return { model, numbers, events };
}

const timings = ['tokensPerSecond', 'flopsUtilisation', 'millisecondsPerStep', 'etaSeconds'];
/** What the stage `pretrain` said, without what a clock or a memory meter said. */
export const said = (events: readonly RunEvent[]) =>
  events.flatMap((event) => {
    if (!('stage' in event) || event.stage !== 'pretrain' || !('replayed' in event)) return [];
    const { stage: _, replayed: __, ...rest } = event;
    if (
      (rest.type === 'text' && rest.text.startsWith('Peak memory')) ||
      (rest.type === 'table' && rest.title === 'Memory')
    )
      return [];
    return [
      rest.type === 'metric'
        ? {
            ...rest,
            values: Object.fromEntries(Object.entries(rest.values).filter(([name]) => !timings.includes(name))),
          }
        : rest,
    ];
  });
