// Several at once: two workers, the main thread and the pipelines of two ingots train at the same time, each to the same bits as alone.
import { expect, it } from 'vitest';
import { ourDevices, skipUnlessBuilt } from './our-devices.js';
import { runForJson } from './run-program.js';
import { terminatedWorkers } from './terminated-workers.js';

interface Together {
  readonly alone: readonly string[];
  readonly together: readonly string[];
}

it.for(ourDevices)(
  '%s: two workers, the main thread and two ingots at once have the same bits as alone',
  async (device, { skip }) => {
    skipUnlessBuilt(device, skip);
    const { alone, together } = await runForJson<Together>('together.mjs', [device]);
    expect(new Set(alone).size).toBe(5);
    expect(together).toEqual(alone);
  },
);
terminatedWorkers(5);
