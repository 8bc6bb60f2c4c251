// Schedules against tables: nanoGPT's get_lr and nanochat's get_lr_multiplier, computed by their own formulas in Python.
import { describe, expect, it } from 'vitest';
import { constant, cosine, linear, warmupStableDecay } from './index.js';

// lr(it) of nanoGPT with learning_rate 6e-4, warmup_iters 2000, lr_decay_iters 600000, min_lr 6e-5 (python3, train.py's get_lr).
const nanoGPT: readonly (readonly [number, number])[] = [
  [0, 2.998500749625187e-7],
  [1, 5.997001499250374e-7],
  [999, 0.0002998500749625187],
  [1999, 0.0005997001499250374],
  [2000, 0.0006],
  [2001, 0.0005999999999962741],
  [100000, 0.0005649999182240157],
  [301000, 0.00032999999999999994],
  [450000, 0.00013958332313858616],
  [599999, 6.00000000037259e-5],
  [600000, 6e-5],
];
// get_lr_multiplier of nanochat with warmup 40, warmdown ratio 0.65, final 0.05, 1000 iterations (python3, base_train.py).
const nanochat: readonly (readonly [number, number])[] = [
  [0, 0.025],
  [1, 0.05],
  [38, 0.975],
  [39, 1.0],
  [40, 1.0],
  [349, 1.0],
  [350, 1.0],
  [351, 0.9985384615384616],
  [500, 0.7807692307692308],
  [675, 0.525],
  [999, 0.05146153846153847],
];

describe('schedules', () => {
  it("cosine is nanoGPT's", () => {
    const schedule = cosine({ warmup: 2000, warmupFraction: 0, floor: 0.1 });
    for (const [step, lr] of nanoGPT) expect(Math.abs(6e-4 * schedule(step, 600000) - lr)).toBeLessThan(1e-15);
  });
  it("warmup-stable-decay is nanochat's", () => {
    const schedule = warmupStableDecay({ warmup: 40, warmupFraction: 0, decay: 0.65, floor: 0.05 });
    for (const [step, factor] of nanochat) expect(schedule(step, 1000)).toBeCloseTo(factor, 14);
  });
  it('linear falls from 1 to its floor', () => {
    const schedule = linear({ warmup: 4, warmupFraction: 0, floor: 0.2 });
    expect([0, 3, 4, 9, 14].map((step) => schedule(step, 14))).toEqual([0.2, 0.8, 1, 0.2 + 0.5 * 0.8, 0.2]);
  });
  it('constant warms up by a fraction of all steps', () => {
    const schedule = constant({ warmupFraction: 0.25 });
    expect([0, 1, 2, 7].map((step) => schedule(step, 8))).toEqual([1 / 3, 2 / 3, 1, 1]);
    expect(constant({ warmupFraction: 0 })(0, 8)).toBe(1);
  });
  it('stays finite where there is nothing but warm-up', () => {
    for (const make of [cosine, linear])
      expect(make({ warmup: 5, warmupFraction: 0, floor: 0.1 })(4, 5)).toBeGreaterThan(0);
    expect(warmupStableDecay({ warmup: 0, warmupFraction: 0, decay: 0, floor: 0 })(9, 10)).toBe(1);
  });
});
