// Short continuations while training, so that one can read how the model gets on; drawn by (seed, step, prompt, position).
import type { DesignValue, SamplerFunction } from '@ingot/contracts';
import { generateAll } from '@ingot/decoding';
import { loadTokenizer } from '@ingot/text';
import { namedKey, type Runnable } from '@ingot/training';

/** What to go on from, and how to draw. */
export interface ContinuationHow {
  readonly prompts: readonly string[];
  /** The most tokens of each. */
  readonly tokens: number;
  /** 0 takes the likeliest token. */
  readonly temperature: number;
  readonly seed: number;
  /** Other steps, other draws. */
  readonly step: number;
}

/** Divides logits by the temperature, or leaves the likeliest alone at 0; ids that only pad the table are removed. */
export function samplerAt(temperature: number, realIds: number): SamplerFunction {
  return (logits) => {
    const largest = logits.subarray(0, realIds).reduce((most, x) => Math.max(most, x), -Infinity);
    const allowed = (x: number, id: number) => id < realIds && (temperature > 0 || x === largest);
    return logits.map((x, id) => (allowed(x, id) ? x / (temperature || 1) : -Infinity));
  };
}

/** Ids of the prompts, cut from the left so that there is room for `tokens` more. Throws `bad-input` for what the vocabulary cannot spell. */
export function promptIds(
  design: DesignValue,
  { prompts, tokens }: Pick<ContinuationHow, 'prompts' | 'tokens'>,
): number[][] {
  const tokenizer = loadTokenizer(design.tokenizer);
  const room = Math.max(1, design.context - tokens);
  const start = [tokenizer.endOfText ?? 0];
  return prompts.map((prompt) => (prompt === '' ? start : Array.from(tokenizer.encode(prompt)).slice(-room)));
}

/** The texts that follow the prompts; each ends at end-of-text, at `tokens`, or where the context ends. Long prompts lose their beginning. */
export function continuations(model: Runnable, how: ContinuationHow): string[] {
  const { design } = model;
  const tokenizer = loadTokenizer(design.tokenizer);
  const [seed] = namedKey(how.seed, `samples at step ${how.step}`);
  const generated = generateAll(model, {
    prompts: promptIds(design, how),
    tokens: how.tokens,
    seed,
    samplers: [samplerAt(how.temperature, design.tokenizer.vocabSize)],
    logProbabilities: false,
    bytes: (id) => tokenizer.bytes(id),
    ...(tokenizer.endOfText === undefined ? {} : { endOfText: tokenizer.endOfText }),
  });
  return generated.map(({ text }) => text);
}
