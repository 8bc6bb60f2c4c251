// What a killed tuning run goes on from: plain JSON beside the tensors of a checkpoint.
import type { Json, StageEvent } from '@ingot/core';
import * as z from 'zod';
import { freshGuard, type GuardState } from '../guard.js';
import { freshTripwires, type TripwireState } from '../watching/tripwires.js';

/** Everything of a run that is not a tensor. The random numbers need no state: they are functions of the seed and the step. */
export interface TuneProgress {
  /** Steps done: the counter of all draws. */
  step: number;
  /** Steps that the optimiser took. */
  optimiserSteps: number;
  guard: GuardState;
  tripwires: TripwireState;
  best: { readonly score: number; readonly step: number } | null;
  /** Whether the best weights are held beside the present ones. */
  holdsBest: boolean;
  /** Why the run ends before its last step, where a tripwire or an evaluation said so. */
  stopped: string | null;
  /** What the objective remembers from step to step. */
  memory: Json;
  /** Events of the last step that nobody has seen yet. */
  pending: StageEvent[];
}
/** Before the first step. */
export const freshProgress = (): TuneProgress => ({
  step: 0,
  optimiserSteps: 0,
  guard: freshGuard,
  tripwires: freshTripwires,
  best: null,
  holdsBest: false,
  stopped: null,
  memory: null,
  pending: [],
});

const schema = z.strictObject({
  step: z.int(),
  optimiserSteps: z.int(),
  guard: z.strictObject({ mean: z.number(), seen: z.int(), over: z.int() }),
  tripwires: z.record(z.string(), z.strictObject({ over: z.int(), tripped: z.boolean() })),
  best: z.strictObject({ score: z.number(), step: z.int() }).nullable(),
  holdsBest: z.boolean(),
  stopped: z.string().nullable(),
  memory: z.json(),
  pending: z.array(z.custom<StageEvent>((value) => typeof value === 'object' && value !== null && 'type' in value)),
});

/** As a checkpoint's meta. */
export const writeProgress = (progress: TuneProgress): Json => JSON.parse(JSON.stringify(progress)) as Json;
/** From a checkpoint's meta; throws zod's error for another form. */
export const readProgress = (meta: Json): TuneProgress => schema.parse(meta) as TuneProgress;
