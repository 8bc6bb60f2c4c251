// Rollouts: answers of the policy with their log-probabilities, by the engine that trains it, so that the two are the same numbers.
import { IngotError } from '@ingot/core';
import type { LiveModel } from '@ingot/contracts';
import { generate, type GenerateOptions } from '@ingot/decoding';
import { namedKey, type ScoredSequence } from '@ingot/training';
import type { ChatEncoder } from '@ingot/text';

/** An answer that the policy gave; `ids` are the prompt's and its own, which begin at `from`. */
export interface Rollout extends ScoredSequence {
  /** The prompt's number. */
  readonly row: number;
  /** log π of each of its tokens when it was drawn. */
  readonly logProbabilities: Float32Array;
  /** The number of the linear layer `value` at the place before each of its tokens, where that was asked for. */
  readonly values?: Float32Array;
  /** Without the end's token. */
  readonly text: string;
  /** Whether it came to its end by itself. */
  readonly ended: boolean;
}
/** A prompt as tokens, with its number. */
export interface RolloutPrompt {
  readonly row: number;
  readonly ids: Int32Array;
}
export interface RolloutHow {
  readonly encoder: Pick<ChatEncoder, 'endOfTurn' | 'tokenizer'>;
  /** The most tokens of an answer. */
  readonly tokens: number;
  /** Answers to each prompt; they follow one another. */
  readonly generations: number;
  readonly seed: number;
  /** Which time it is: another round draws other answers. */
  readonly round: number;
  /** The number of the first answer, which names its draws; 0 unless said. Prompts that are answered in parts give the answers of the whole by it. */
  readonly first?: number;
  /** Sequences at work at once: memory and speed; on a row-invariant device never a result. */
  readonly atOnce?: number;
  /** A linear layer of one output, such as the head of a critic on the same trunk: its numbers come with the answers, without another pass. */
  readonly value?: string;
  readonly signal?: AbortSignal;
}

/** Whole numbers of 53 bits of two words. */
const seedOf = (seed: number, round: number): number => {
  const [low, high] = namedKey(seed, `rollouts/${round}`);
  return (high % 2 ** 21) * 2 ** 32 + low;
};

/**
 * Answers to prompts, a function of the weights, the seed and the round alone on a row-invariant device; timers run in between.
 * @throws IngotError `bad-input` for no prompts, what `generate` throws, and the signal's reason.
 */
export async function makeRollouts(
  model: LiveModel,
  prompts: readonly RolloutPrompt[],
  { encoder, tokens, generations, seed, round, first = 0, atOnce, value, signal }: RolloutHow,
): Promise<Rollout[]> {
  if (prompts.length === 0) throw new IngotError('bad-input', 'Rollouts want prompts, got none. Give at least one.');
  const asked = prompts.flatMap((prompt) => Array.from({ length: generations }, () => prompt));
  const options: GenerateOptions = {
    prompts: asked.map(({ ids }) => Array.from(ids)),
    sequences: asked.map((_, i) => first + i),
    tokens,
    seed: seedOf(seed, round),
    endOfText: encoder.endOfTurn,
    bytes: (id) => encoder.tokenizer.bytes(id),
    // What `old` is in the update: read at the end, the head's weights go by once for all of an answer.
    logProbabilities: 'at-end',
    ...(atOnce !== undefined && { batch: atOnce }),
    ...(value !== undefined && { value }),
    ...(signal && { signal }),
  };
  const made: Rollout[] = [];
  for await (const event of generate(model, options)) {
    if (event.type !== 'end') continue;
    const { row, ids } = asked[event.prompt]!;
    made[event.prompt] = {
      row,
      ids: Int32Array.from([...ids, ...event.ids]),
      from: ids.length,
      logProbabilities: Float32Array.from(event.logProbabilities),
      ...(value !== undefined && { values: Float32Array.from(event.values) }),
      text: event.text,
      ended: event.ended === 'end-of-text',
    };
  }
  return made;
}

/** Where a rollout's log-probability and the trainer's differ most. */
export interface Mismatch {
  /** |training − rollout| in nats; exactly 0 where all are the same. */
  readonly largest: number;
  readonly answer: number;
  /** Its place in the answer. */
  readonly token: number;
  readonly rollout: number;
  readonly training: number;
}

/** Compares what the sampler said with what the trainer says of the same tokens: `training` (N), answer after answer. */
export function mismatchOf(rollouts: readonly Rollout[], training: ArrayLike<number>): Mismatch {
  let worst: Mismatch = { largest: 0, answer: 0, token: 0, rollout: 0, training: 0 };
  let at = 0;
  rollouts.forEach(({ logProbabilities }, answer) =>
    logProbabilities.forEach((rollout, token) => {
      const trained = training[at++]!;
      const largest = Math.abs(trained - rollout);
      if (largest > worst.largest || Number.isNaN(largest))
        worst = { largest, answer, token, rollout, training: trained };
    }),
  );
  return worst;
}

/** A mismatch in words: which token of which answer, both numbers, and where it may come from. */
export const mismatchText = ({ largest, answer, token, rollout, training }: Mismatch): string =>
  `Rollout and training disagree: token ${token} of answer ${answer} had log-probability ${rollout} when it was drawn and has ${training} before the first update, ${largest.toExponential(2)} nats apart. Wanted the same bits. The weights of the sampler may be stale, or the two run at another temperature, with dropout, or with other kernels.`;
