// Watches whether training keeps the pace that was measured: a busy machine must not turn two minutes into ten.
import type { RunEvent } from '@ingot/core';

/** The first look comes so many milliseconds after the first step. */
const FIRST_LOOK = 6000;
/** Up to this factor over the time that was aimed at is let go. */
const PATIENCE = 1.5;

/** Takes a run's events of one stage; calls back once, with the real milliseconds of a step, when the whole would take far more than `seconds`. */
export const watchPace = (
  stage: string,
  seconds: number,
  tooSlow: (millisecondsPerStep: number) => void,
  firstLook = FIRST_LOOK,
  now: () => number = () => performance.now(),
) => {
  let first: { readonly at: number; readonly step: number } | undefined;
  let told = false;
  return (event: RunEvent): void => {
    if (told || event.type !== 'metric' || event.stage !== stage || event.replayed || event.total === undefined) return;
    const at = now();
    first ??= { at, step: event.step };
    const steps = event.step - first.step;
    if (steps < 2 || at - first.at < firstLook) return;
    const pace = (at - first.at) / steps;
    if (((event.total - first.step) * pace) / 1000 <= seconds * PATIENCE) return;
    told = true;
    tooSlow(pace);
  };
};
