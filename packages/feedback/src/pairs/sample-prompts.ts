// Samples of a block of prompts: which draws a sample gets depends on its prompt's place alone, so blocks and batches change nothing.
import type { PromptValue, SamplerFunction } from '@ingot/contracts';
import { IngotError, messageOf } from '@ingot/core';
import { generate, type Generated, type OpenModel } from '@ingot/decoding';
import { type ChatEncoder, encodePrompt } from '@ingot/text';

export interface SampleHow {
  readonly samples: number;
  readonly tokens: number;
  readonly samplers: readonly SamplerFunction[];
  readonly stop: readonly string[];
  readonly seed: number;
  readonly batch: number;
  readonly signal: AbortSignal;
}
export interface PlacedPrompt {
  readonly place: number;
  readonly prompt: PromptValue;
}

/** The ids of a prompt; an empty text begins where another one ended. Throws what `encodePrompt` throws, with the row. */
function idsOf(encoder: ChatEncoder, { place, prompt }: PlacedPrompt): number[] {
  try {
    const ids = [...encodePrompt(encoder, prompt)];
    return ids.length > 0 ? ids : [encoder.tokenizer.endOfText ?? encoder.endOfTurn];
  } catch (error) {
    const code = IngotError.is(error) ? error.code : 'bad-input';
    throw new IngotError(code, `Row ${place} of the prompts: ${messageOf(error)}`, { cause: error });
  }
}

/**
 * `samples` continuations of each prompt, in order; undefined for a prompt that leaves no room in the model's context. A row-invariant device
 * gives the same whatever `batch` is.
 */
export async function samplePrompts(
  model: OpenModel,
  encoder: ChatEncoder,
  prompts: readonly PlacedPrompt[],
  how: SampleHow,
): Promise<(readonly Generated[] | undefined)[]> {
  const { samples, tokens, samplers, stop, seed, batch, signal } = how;
  const numbers = Array.from({ length: samples }, (_, i) => i);
  const encoded = prompts.map((one) => ({ ...one, ids: idsOf(encoder, one) }));
  const fitting = encoded.filter(({ ids }) => ids.length < model.design.context);
  const made: Generated[] = [];
  const events = generate(model, {
    prompts: fitting.flatMap(({ ids }) => numbers.map(() => ids)),
    sequences: fitting.flatMap(({ place }) => numbers.map((i) => place * samples + i)),
    tokens,
    samplers,
    stop,
    seed,
    batch,
    signal,
    logProbabilities: false,
    bytes: (id) => encoder.tokenizer.bytes(id),
    endOfText: encoder.endOfTurn,
  });
  for await (const event of events) if (event.type === 'end') made.push(event);
  made.sort((a, b) => a.prompt - b.prompt);
  return encoded.map((one) => {
    const at = fitting.indexOf(one);
    return at < 0 ? undefined : made.slice(at * samples, (at + 1) * samples);
  });
}
