// The stage `generate`: a model continues prompts.
import { Device, Model, Samples, Sampler, type ModelValue, type SampleRow, weightBytes } from '@ingot/contracts';
import { defineStage, Installed, IngotError, list, sample, warning } from '@ingot/core';
import { type Generated, generate, loadModel } from '@ingot/decoding';
import { loadTokenizer, type Tokenizer } from '@ingot/text';
import * as z from 'zod';

/** Ids of a prompt. An empty one starts at the end of another text; where the tokenizer has no such token, with a line break. */
export function promptIds(tokenizer: Tokenizer, prompt: string): number[] {
  if (prompt !== '') return [...tokenizer.encode(prompt)];
  if (tokenizer.endOfText !== undefined) return [tokenizer.endOfText];
  try {
    return [...tokenizer.encode('\n')];
  } catch (error) {
    throw new IngotError(
      'bad-input',
      "An empty prompt wants an end-of-text token or a line break in the vocabulary, got neither. Give a prompt of at least one character, in the option 'prompts'.",
      { cause: error },
    );
  }
}

/** Multiplications and additions: two per parameter and token. */
function cost(
  model: ModelValue | undefined,
  tokens: number,
): { readonly bytes: number; readonly flops: number } | undefined {
  if (!model) return undefined;
  const parameters = Object.values(model.tensors).reduce(
    (sum, { shape }) => sum + shape.reduce((size, n) => size * n, 1),
    0,
  );
  return { bytes: weightBytes(model), flops: 2 * parameters * tokens };
}

/** Continues each prompt `count` times; the seed is the pipeline's. Every finished sample is an event. */
export const generateStage = defineStage({
  name: 'generate',
  version: 1,
  inputs: { model: Model },
  outputs: { samples: Samples },
  needs: { device: Device, installed: Installed },
  draws: true,
  computes: true,
  options: z.strictObject({
    prompts: z
      .array(z.string())
      .min(1)
      .default([''])
      .describe('Texts to continue. An empty one starts after the end of another text.'),
    count: z.int().positive().default(1).describe('Samples of each prompt.'),
    tokens: z.int().positive().default(100).describe('The most tokens of a sample.'),
    sampler: list(Sampler)
      .prefault([
        { use: 'temperature', value: 0.7 },
        { use: 'top-p', p: 0.9 },
      ])
      .describe("Applied in order; none: the model's own distribution."),
    stop: z.array(z.string().min(1)).default([]).describe('A sample ends before the first of these.'),
    atContextEnd: z
      .enum(['stop', 'slide'])
      .default('stop')
      .describe('At the end of the context: stop, or forget the older half and read the newer again.'),
  }),
  estimate: ({ options, inputs }) => cost(inputs.model, options.tokens * options.count * options.prompts.length),
  async *run({ inputs, options, services, seed, signal }) {
    const tokenizer = loadTokenizer(inputs.model.design.tokenizer);
    const prompts = options.prompts.flatMap((prompt) => Array.from({ length: options.count }, () => prompt));
    const ids = new Map(options.prompts.map((prompt) => [prompt, promptIds(tokenizer, prompt)]));
    const done: Generated[] = [];
    const model = await loadModel({ ...services, model: inputs.model });
    try {
      const { tokens, stop, atContextEnd, sampler: samplers } = options;
      const events = generate(model, {
        prompts: prompts.map((prompt) => ids.get(prompt) ?? []),
        tokens,
        stop,
        atContextEnd,
        samplers,
        seed,
        signal,
        logProbabilities: false,
        bytes: (id) => tokenizer.bytes(id),
        ...(tokenizer.endOfText === undefined ? {} : { endOfText: tokenizer.endOfText }),
      });
      for await (const event of events) {
        if (event.type !== 'end') continue;
        done.push(event);
        yield sample(event.text, prompts[event.prompt] ?? '');
      }
    } finally {
      model.dispose();
    }
    const cut = done.filter(({ ended }) => ended === 'context').length;
    if (cut > 0)
      yield warning(
        `${cut} of ${done.length} samples ended with the model's context of ${model.design.context} tokens, before ${options.tokens} were made. Ask for fewer tokens, or let the context slide (atContextEnd: 'slide').`,
      );
    const rows: SampleRow[] = done
      .sort((a, b) => a.prompt - b.prompt)
      .map((one) => ({ prompt: prompts[one.prompt] ?? '', text: one.text, tokens: one.ids.length, ended: one.ended }));
    return {
      samples: {
        rows: rows.length,
        async *read() {
          yield* rows;
        },
      },
    };
  },
});
