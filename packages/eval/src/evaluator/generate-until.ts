// Greedy continuations that end before a stop string: lm-evaluation-harness's `generate_until`.
import type { GenerateRequest, LiveModel, SamplerFunction } from '@ingot/contracts';
import { IngotError } from '@ingot/core';
import { generate } from '@ingot/decoding';
import type { Encoder } from './encode-pair.js';

/** Leaves only the largest logit; the first wins a tie. */
const greedy: SamplerFunction = (logits) => {
  let best = 0;
  for (let id = 1; id < logits.length; id++) if ((logits[id] ?? 0) > (logits[best] ?? 0)) best = id;
  const kept = logits[best] ?? 0;
  return logits.fill(-Infinity).fill(kept, best, best + 1);
};

/** Sequences at work at once: bounds the cache. */
const SEQUENCES = 32;

/** The newest ids of a prompt that fit beside the new tokens; a prompt keeps at least half of the context. */
const fit = (ids: readonly number[], tokens: number, context: number): readonly number[] =>
  ids.slice(-Math.max(context - tokens, Math.floor(context / 2), 1));

/**
 * Continuations in the order of the requests, without their stop string. Requests with the same stop strings and length go together, those of
 * equal prompt length through one call. A prompt that is too long loses its beginning; generation ends at the context's end.
 * An empty prompt is the end-of-text token; without one it throws `bad-input`.
 */
export async function generateUntil(
  model: LiveModel,
  tokenizer: Encoder,
  requests: readonly GenerateRequest[],
  signal?: AbortSignal,
): Promise<string[]> {
  const { context } = model.design;
  const prompts = requests.map(({ prompt }, index) => {
    const ids = [...tokenizer.encode(prompt)];
    if (ids.length > 0) return ids;
    if (tokenizer.endOfText === undefined)
      throw new IngotError(
        'bad-input',
        `Generation, request ${index}: wanted a prompt, got an empty one, and the tokenizer has no end-of-text token to begin with.`,
      );
    return [tokenizer.endOfText];
  });
  const groups = new Map<string, number[]>();
  for (const [index, { until, tokens }] of requests.entries()) {
    const key = JSON.stringify([tokens, until]);
    const group = groups.get(key);
    if (group) group.push(index);
    else groups.set(key, [index]);
  }
  const answers = requests.map(() => '');
  for (const members of groups.values()) {
    const { until, tokens } = requests[members[0] ?? 0] ?? { until: [], tokens: 1 };
    const order = members.toSorted((a, b) => (prompts[a]?.length ?? 0) - (prompts[b]?.length ?? 0) || a - b);
    const events = generate(model, {
      prompts: order.map((index) => fit(prompts[index] ?? [], tokens, context)),
      tokens,
      samplers: [greedy],
      bytes: (id) => tokenizer.bytes(id),
      stop: until.filter((one) => one !== ''),
      ...(tokenizer.endOfText === undefined ? {} : { endOfText: tokenizer.endOfText }),
      logProbabilities: false,
      batch: SEQUENCES,
      ...(signal ? { signal } : {}),
    });
    for await (const event of events) if (event.type === 'end') answers[order[event.prompt] ?? 0] = event.text;
  }
  return answers;
}
