// Meters: tokens a second, FLOP utilisation, time left, memory. They look at clocks and never enter a result.
import { matmul, noGrad, scope, zeros, type Device } from '@ingot/tensor';

/** Readings after a step. */
export interface Reading {
  readonly tokensPerSecond: number;
  readonly millisecondsPerStep: number;
  /** Model FLOPs done a second, as part of the device's measured matmul peak. */
  readonly flopsUtilisation: number;
  readonly etaSeconds: number;
}

/** Measures the device's matmul FLOPs a second: the best of `tries` products of two (n, n) matrices. */
export function measurePeakFlops(device: Device, n = 256, tries = 3): number {
  return noGrad(() =>
    scope(() => {
      const a = zeros(device, [n, n]);
      let best = Infinity;
      for (let i = 0; i < tries; i++) {
        const began = performance.now();
        scope(() => {
          matmul(a, a).read();
        });
        best = Math.min(best, performance.now() - began);
      }
      return (2 * n ** 3) / (best / 1000);
    }),
  );
}

/** A meter over steps of equal size; `tick` after each, smoothed over some ten steps. */
export function createMeter(about: {
  readonly tokensPerStep: number;
  readonly flopsPerToken: number;
  readonly peakFlops: number;
  readonly now?: () => number;
}): { tick(stepsLeft: number): Reading; skip(): void } {
  const now = about.now ?? (() => performance.now());
  let last = now();
  let smooth: number | undefined;
  return {
    /** Leaves out what was done since the last tick: evaluation, sampling, saving. */
    skip() {
      last = now();
    },
    tick(stepsLeft) {
      const time = Math.max(1e-6, now() - last);
      last = now();
      smooth = smooth === undefined ? time : smooth + 0.1 * (time - smooth);
      const tokensPerSecond = about.tokensPerStep / (smooth / 1000);
      return {
        tokensPerSecond,
        millisecondsPerStep: smooth,
        flopsUtilisation: (tokensPerSecond * about.flopsPerToken) / about.peakFlops,
        etaSeconds: (stepsLeft * smooth) / 1000,
      };
    },
  };
}

/** What memory was used: the device's peak since `resetPeak`, and the process's resident bytes now. */
export function measureMemory(device: Device): { readonly devicePeak: number; readonly resident: number } {
  return { devicePeak: device.memory().peak, resident: process.memoryUsage().rss };
}
