// A short continuation while training, so that one can read how the model gets on: one sequence, one cache, draws by (seed, step, position).
import { KeyValueCache, noGrad, scope, tensor, uniform } from '@ingot/tensor';
import { loadTokenizer } from '@ingot/text';
import { namedKey, type Runnable } from '@ingot/training';

/** How to draw. */
export interface ContinuationHow {
  readonly prompt: string;
  readonly tokens: number;
  /** 0 takes the likeliest token. */
  readonly temperature: number;
  readonly seed: number;
}

/** The index of one draw from softmax(logits / temperature); only the first `vocabSize` are real tokens. */
export function drawId(logits: Float32Array, vocabSize: number, temperature: number, fraction: number): number {
  const real = logits.subarray(0, vocabSize);
  let best = 0;
  for (let i = 1; i < real.length; i++) if (real[i]! > real[best]!) best = i;
  if (temperature === 0) return best;
  const weights = Float64Array.from(real, (x) => Math.exp((x - real[best]!) / temperature));
  let left = fraction * weights.reduce((sum, w) => sum + w, 0);
  for (let i = 0; i < weights.length; i++) {
    left -= weights[i]!;
    if (left < 0) return i;
  }
  return best;
}

/** The text that follows the prompt. Ends at end-of-text, at `tokens`, or where the context ends. Frees all that it made. */
export function continuation(
  { device, family, design, weights }: Runnable,
  { prompt, tokens, temperature, seed }: ContinuationHow,
): string {
  const tokenizer = loadTokenizer(design.tokenizer);
  const start = tokenizer.endOfText ?? 0;
  const given = prompt === '' ? [start] : [...tokenizer.encode(prompt)].slice(-Math.max(1, design.context - tokens));
  const cache = KeyValueCache.create(device, { ...family.cache(design), slots: 1, capacity: design.context });
  const draws = uniform(tokens, namedKey(seed, 'continuation'));
  const said: number[] = [];
  try {
    for (let fed = given; said.length < tokens;) {
      const logits = noGrad(() =>
        scope(() => {
          const ids = tensor(device, Int32Array.from(fed), [1, fed.length], 'i32');
          const hidden = family.forward(design, weights, ids, { cache: cache.view([0]) }); // (1, T, C)
          const last = tensor(device, (hidden.read() as Float32Array).slice(-hidden.shape.at(-1)!), [
            1,
            hidden.shape.at(-1)!,
          ]);
          return weights.logits(family.head(design), last).read() as Float32Array; // (1, V)
        }),
      );
      cache.advance([0], fed.length);
      const id = drawId(logits, design.tokenizer.vocabSize, temperature, draws[said.length]!);
      if (id === tokenizer.endOfText) break;
      said.push(id);
      if (given.length + said.length >= design.context) break;
      fed = [id];
    }
  } finally {
    cache.dispose();
  }
  return tokenizer.decode(said);
}
