// Answers that were drawn and scored so far, kept as lines of JSON, so that a killed run goes on after its last round.
import type { Checkpoint } from '@ingot/core';
import * as z from 'zod';

/** An answer as it is kept. */
export interface DrawnAnswer {
  /** The prompt's number. */
  readonly row: number;
  readonly text: string;
  /** Its end token included. */
  readonly tokens: number;
  readonly ended: boolean;
  /** The sum of the rewards after the missing-end penalty. */
  readonly score: number;
  /** Each reward's. */
  readonly scores: readonly number[];
  /** Σ log π of its tokens. */
  readonly logProbability: number;
  /** Σ (log π − log π_ref), where there is a reference. */
  readonly kl?: number;
}

/** `step` as in any run: whoever asks a store how far a run is finds it. */
const Meta = z.strictObject({ step: z.int() });
const BLOB = 'answers.jsonl';
const bytesOf = (answers: readonly DrawnAnswer[]) =>
  new TextEncoder().encode(answers.map((answer) => `${JSON.stringify(answer)}\n`).join(''));

/** The answers of the rounds behind us. */
export interface AnswerLog {
  readonly answers: readonly DrawnAnswer[];
  readonly rounds: number;
  /** Takes those of the next round, and saves once a tenth of all rounds behind us is new: the bytes written in all stay within ten times the answers. */
  add(made: readonly DrawnAnswer[]): Promise<void>;
}

/** Goes on where the checkpoint stands, or starts empty. */
export async function openAnswerLog(checkpoint: Checkpoint): Promise<AnswerLog> {
  const saved = await checkpoint.load();
  const before = saved ? new TextDecoder().decode(await saved.blob(BLOB)) : '';
  const answers = before
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as DrawnAnswer);
  const chunks: Uint8Array[] = before === '' ? [] : [new TextEncoder().encode(before)];
  let rounds = saved ? Meta.parse(saved.meta).step : 0;
  let savedAt = rounds;
  return {
    answers,
    get rounds() {
      return rounds;
    },
    async add(made) {
      for (const answer of made) answers.push(answer);
      chunks.push(bytesOf(made));
      rounds++;
      if (rounds - savedAt < rounds / 10) return;
      const all = [...chunks];
      await checkpoint.save(
        { step: rounds },
        {
          [BLOB]: (async function* () {
            yield* all;
          })(),
        },
      );
      savedAt = rounds;
    },
  };
}
