// Meters by a clock held in hand.
import { referenceDevice } from '@ingot/tensor';
import { describe, expect, it } from 'vitest';
import { createMeter, measurePeakFlops } from './index.js';

describe('createMeter', () => {
  it('reads tokens a second, utilisation and time left', () => {
    let clock = 0;
    const meter = createMeter({ tokensPerStep: 100, flopsPerToken: 1e6, peakFlops: 1e9, now: () => clock });
    clock = 200;
    expect(meter.tick(30)).toEqual({
      tokensPerSecond: 500,
      millisecondsPerStep: 200,
      flopsUtilisation: 0.5,
      etaSeconds: 6,
    });
    clock = 5000;
    meter.skip();
    clock = 5200;
    expect(meter.tick(29).millisecondsPerStep).toBe(200);
  });
});
describe('measurePeakFlops', () => {
  it('is positive, and leaves nothing behind', () => {
    const device = referenceDevice();
    expect(measurePeakFlops(device, 32, 2)).toBeGreaterThan(1e5);
    expect(device.memory().arrays).toBe(0);
  });
});
