// After training: answers to held-out prompts, and whether they degenerate (the course page's first failure, with its remedies).
import { sample, table, warning, type StageEvent } from '@ingot/core';
import type { LiveModel } from '@ingot/contracts';
import { degeneration, degenerationAdvice, generateAll } from '@ingot/decoding';
import { encodePrompt, type ChatEncoder } from '@ingot/text';
import { namedKey } from '@ingot/training';
import { samplerAt } from '../continuation.js';
import type { SftView } from './options.js';
import type { ReadExample } from './read-examples.js';

type How = Pick<SftView, 'samples' | 'sampleTokens' | 'sampleTemperature'> & { readonly seed: number };

/** Answers to prompts at a temperature; 0 takes the likeliest token. Long prompts lose their beginning. */
export function answers(
  live: LiveModel,
  encoder: ChatEncoder,
  prompts: readonly Int32Array[],
  how: { readonly tokens: number; readonly temperature: number; readonly seed: number },
): { readonly text: string; readonly ended: boolean }[] {
  const { context, tokenizer } = live.design;
  const room = Math.max(1, context - how.tokens);
  const [seed] = namedKey(how.seed, `answers at temperature ${how.temperature}`);
  return generateAll(live, {
    prompts: prompts.map((prompt) => Array.from(prompt.slice(-room))),
    tokens: how.tokens,
    seed,
    samplers: [samplerAt(how.temperature, tokenizer.vocabSize)],
    logProbabilities: false,
    bytes: (id) => encoder.tokenizer.bytes(id),
    endOfText: encoder.endOfTurn,
  }).map(({ text, ended }) => ({ text, ended: ended === 'end-of-text' }));
}

/** Greedy answers to read, a table of how degenerate greedy and drawn ones are, and a warning with remedies for each sign. */
export function degenerationReport(
  live: LiveModel,
  encoder: ChatEncoder,
  examples: readonly ReadExample[],
  { samples, sampleTokens, sampleTemperature, seed }: How,
): StageEvent[] {
  const asked = examples.flatMap(({ prompt }) => (prompt === undefined ? [] : [prompt])).slice(0, samples);
  if (asked.length === 0) return [];
  const prompts = asked
    .map((prompt) => encodePrompt(encoder, prompt))
    .map((ids) => (ids.length > 0 ? ids : Int32Array.of(encoder.endOfTurn)));
  const events: StageEvent[] = [];
  const rows: Record<string, string | number>[] = [];
  const advice: string[] = [];
  for (const [name, temperature] of [
    ['greedy', 0],
    [`temperature ${sampleTemperature}`, sampleTemperature],
  ] as const) {
    const said = answers(live, encoder, prompts, { tokens: sampleTokens, temperature, seed });
    if (temperature === 0)
      said.forEach(({ text }, i) => events.push(sample(text, encoder.tokenizer.decode(prompts[i]!))));
    const numbers = degeneration(said.map(({ text }) => text));
    rows.push({ answers: name, ended: said.filter(({ ended }) => ended).length / said.length, ...shown(numbers) });
    advice.push(...degenerationAdvice(numbers).map((line) => `${name}: ${line}`));
  }
  return [...events, table('Degeneration', rows), ...advice.map(warning)];
}

const shown = ({
  distinct1,
  distinct2,
  distinct3,
  repeated4,
  looping,
  openingEntropy,
  structureEntropy,
  duplicates,
  empty,
}: ReturnType<typeof degeneration>) => ({
  distinct1,
  distinct2,
  distinct3,
  repeated4,
  looping,
  openingEntropy,
  structureEntropy,
  duplicates,
  empty,
});
