// What a killed run goes on from: plain JSON beside the tensors of a checkpoint.
import * as z from 'zod';
import type { Json, StageEvent } from '@ingot/core';
import { freshGuard, type GuardState } from '@ingot/training';

/** Everything of a run that is not a tensor. The random numbers need no state: they are functions of the seed and the step. */
export interface Progress {
  /** Steps done: the counter of all draws. */
  step: number;
  /** The next row of the data. */
  row: number;
  /** Steps that the optimiser took. */
  optimiserSteps: number;
  guard: GuardState;
  best: { readonly loss: number; readonly step: number } | null;
  /** Whether the best weights are held beside the present ones. */
  holdsBest: boolean;
  /** Events of the last step that nobody has seen yet. */
  pending: StageEvent[];
}
/** Before the first step. */
export const freshProgress = (): Progress => ({
  step: 0,
  row: 0,
  optimiserSteps: 0,
  guard: freshGuard,
  best: null,
  holdsBest: false,
  pending: [],
});

const schema = z.strictObject({
  step: z.int(),
  row: z.int(),
  optimiserSteps: z.int(),
  guard: z.strictObject({ mean: z.number(), seen: z.int(), over: z.int() }),
  best: z.strictObject({ loss: z.number(), step: z.int() }).nullable(),
  holdsBest: z.boolean(),
  pending: z.array(z.custom<StageEvent>((value) => typeof value === 'object' && value !== null && 'type' in value)),
});

/** As a checkpoint's meta. */
export const writeProgress = (progress: Progress): Json => JSON.parse(JSON.stringify(progress)) as Json;
/** From a checkpoint's meta; throws zod's error for another form. */
export const readProgress = (meta: Json): Progress => schema.parse(meta);
