// What is watched while a model is aligned: held-out pairs, displacement, samples with their KL and length, held-out tasks. Numbers only; tripwires judge them.
import { sample, type StageEvent } from '@ingot/core';
import type { EvaluatedModel, LiveModel, Measure, PromptValue, RewardAtWork, TaskValue } from '@ingot/contracts';
import { degeneration, generateAll } from '@ingot/decoding';
import { encodePrompt, showPrompt, type ChatEncoder } from '@ingot/text';
import type { EncodedCompletion } from './encode.js';
import { tokenScores } from './reference.js';

const mean = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0) / Math.max(1, numbers.length);
const total = (numbers: Float32Array): number => numbers.reduce((a, b) => a + b, 0);

/** Mean over completions of (log π − log π at the start) / tokens: below 0 they became less likely. */
export function displacement(
  model: LiveModel,
  watched: readonly EncodedCompletion[],
  start: readonly Float32Array[],
): number {
  const now = tokenScores(model, watched);
  return mean(now.map((tokens, i) => (total(tokens) - total(start[i]!)) / tokens.length));
}

/** Prompts that are answered again and again, and how. */
export interface Watched {
  readonly encoder: ChatEncoder;
  readonly prompts: readonly PromptValue[];
  readonly tokens: number;
  readonly seed: number;
  readonly rewards: readonly RewardAtWork[];
}
/** Numbers of the watched samples. */
export interface SampleNumbers {
  /** Mean tokens of an answer. */
  readonly sampleLength: number;
  readonly 'distinct-2': number;
  /** Mean Σ (log π − log π_start) of the answers, in nats: an estimate of KL(π, π_start). */
  readonly kl: number;
  readonly klPerToken: number;
  /** Mean reward, where there are rewards: their sum. */
  readonly sampleReward?: number;
}

/** Answers the watched prompts at temperature 1 and measures them; `start` is the model before training, undefined at step 0, when both are one. */
export async function measureSamples(
  model: LiveModel,
  start: LiveModel | undefined,
  { encoder, prompts, tokens, seed, rewards }: Watched,
): Promise<{ readonly numbers: SampleNumbers; readonly events: StageEvent[] }> {
  const context = model.design.context;
  const room = Math.max(1, context - tokens);
  const asked = prompts.map((prompt) => Array.from(encodePrompt(encoder, prompt)).slice(-room));
  const made = generateAll(model, {
    prompts: asked,
    tokens,
    seed,
    endOfText: encoder.endOfTurn,
    logProbabilities: false,
    bytes: (id) => encoder.tokenizer.bytes(id),
  });
  const scored: EncodedCompletion[] = made.map(({ prompt, ids }) => ({
    ids: Int32Array.from([...asked[prompt]!, ...ids]),
    from: asked[prompt]!.length,
    row: prompt,
    completion: 0,
    truncated: false,
  }));
  const before = start && tokenScores(start, scored);
  const drift = before
    ? tokenScores(model, scored).map((now, i) => total(now) - total(before[i]!))
    : scored.map(() => 0);
  const lengths = made.map(({ ids }) => ids.length);
  const texts = made.map(({ text }) => text);
  const answers = made.map(({ prompt, text }) => ({ prompt: prompts[prompt]!, text }));
  const scores = await Promise.all(rewards.map(async (reward) => mean(await reward.score(answers))));
  return {
    numbers: {
      sampleLength: mean(lengths),
      'distinct-2': degeneration(texts).distinct2,
      kl: mean(drift),
      klPerToken: mean(drift) / Math.max(1, mean(lengths)),
      ...(scores.length === 0 ? {} : { sampleReward: scores.reduce((a, b) => a + b, 0) }),
    },
    events: made.slice(0, 3).map(({ prompt, text }) => sample(text, showPrompt(encoder, prompts[prompt]!))),
  };
}

const valueOf = ({ items, shown }: Measure): number => {
  const weight = items.reduce((sum, item) => sum + item.weight, 0);
  const value = items.reduce((sum, item) => sum + item.value * item.weight, 0) / weight;
  return shown === 'exp' ? Math.exp(value) : value;
};

/** Held-out tasks by measure: `task/<name>`, and by how much each is worse than at the start, as a share. */
export interface TaskNumbers {
  readonly values: Readonly<Record<string, number>>;
  /** The largest share by which a measure is worse; undefined at the start. */
  readonly taskDrop?: number;
}

/** Runs the tasks on a live model; `start` are the values before training. */
export async function measureTasks(
  tasks: readonly TaskValue[],
  model: EvaluatedModel,
  signal: AbortSignal,
  start?: Readonly<Record<string, number>>,
): Promise<TaskNumbers> {
  const values: Record<string, number> = {};
  const drops: number[] = [];
  for (const task of tasks)
    for (const measure of await task.run(model, signal)) {
      const name = `task/${measure.name}`;
      const value = (values[name] = valueOf(measure));
      const before = start?.[name];
      if (before === undefined) continue;
      const worse = measure.better === 'higher' ? before - value : value - before;
      drops.push(worse / Math.max(1e-9, Math.abs(before)));
    }
  return { values, ...(drops.length > 0 && { taskDrop: Math.max(...drops) }) };
}
