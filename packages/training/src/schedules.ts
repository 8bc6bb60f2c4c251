// Learning-rate schedules as multipliers of a step counted from 0: constant, linear, cosine, warm-up-stable-decay.
import type { ScheduleFunction } from '@ingot/contracts';

/** Steps of warm-up; a whole number of steps, or a fraction of all steps below 1. */
export interface WarmUp {
  /** Steps; when left out, `warmupFraction` of all steps. */
  readonly warmup?: number | undefined;
  readonly warmupFraction: number;
}
const warmupSteps = ({ warmup, warmupFraction }: WarmUp, steps: number): number =>
  warmup ?? Math.round(warmupFraction * steps);

/** nanoGPT's warm-up: (step + 1) / (warmup + 1), so that the first step already moves and the peak comes right after. */
const rising = (step: number, warmup: number): number => (step + 1) / (warmup + 1);

/** 1 at every step, after the warm-up. */
export const constant =
  (options: WarmUp): ScheduleFunction =>
  (step, steps) => {
    const warmup = warmupSteps(options, steps);
    return step < warmup ? rising(step, warmup) : 1;
  };

/** Falls along a curve from 1 at the end of the warm-up to `floor` at the last step's end; `curve` maps progress 0 … 1 to 1 … 0. */
const falling =
  (options: WarmUp & { readonly floor: number }, curve: (progress: number) => number): ScheduleFunction =>
  (step, steps) => {
    const warmup = warmupSteps(options, steps);
    if (step < warmup) return rising(step, warmup);
    const progress = steps <= warmup ? 1 : Math.min(1, (step - warmup) / (steps - warmup));
    return options.floor + curve(progress) * (1 - options.floor);
  };

/** A straight line down to `floor`. */
export const linear = (options: WarmUp & { readonly floor: number }): ScheduleFunction =>
  falling(options, (progress) => 1 - progress);

/** nanoGPT's `get_lr`: half a cosine down to `floor` (SGDR, Loshchilov and Hutter 2017, eq. 5, one cycle). */
export const cosine = (options: WarmUp & { readonly floor: number }): ScheduleFunction =>
  falling(options, (progress) => 0.5 * (1 + Math.cos(Math.PI * progress)));

/** nanochat's `get_lr_multiplier`: (step + 1) / warmup, flat, then a line down to `floor` over the last `decay` of all steps. */
export const warmupStableDecay =
  (options: WarmUp & { readonly decay: number; readonly floor: number }): ScheduleFunction =>
  (step, steps) => {
    const warmup = warmupSteps(options, steps);
    const decaySteps = Math.round(options.decay * steps);
    if (step < warmup) return (step + 1) / warmup;
    if (step <= steps - decaySteps) return 1;
    const left = (steps - step) / decaySteps;
    return left + (1 - left) * options.floor;
  };
