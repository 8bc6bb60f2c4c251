// A process that ends while the kernels' helper threads spin or sleep: by a signal, process.exit, an uncaught exception, or simply at
// its end. Each is over soon and with the code that it would have without them.
import { expect, it } from 'vitest';
import { ourDevices, skipUnlessBuilt } from './our-devices.js';
import { runProgram, type Ended } from './run-program.js';

/** Milliseconds from the end's beginning to the process's. */
const SOON = 2000;

type Wanted = Partial<Pick<Ended, 'code' | 'signal'>>;
const ways = {
  exit: { code: 7 },
  exception: { code: 1 },
  signal: { signal: 'SIGINT' },
  'signal-handled': { code: 130 },
  'exit-asleep': { code: 7 },
  'exception-asleep': { code: 1 },
  'signal-asleep': { signal: 'SIGINT' },
  end: { code: 0 },
} as const satisfies Record<string, Wanted>;
export type Way = keyof typeof ways;
/** Every way out. */
export const allWays = Object.keys(ways) as Way[];

const endOnce = (device: string, way: Way): Promise<Ended> => {
  let seen = false;
  return runProgram('exit.mjs', [device, way], {
    patience: 60_000,
    onOutput(child, output, hurry) {
      if (seen || !output.includes('now\n')) return;
      seen = true;
      hurry();
      if (way.startsWith('signal')) child.kill('SIGINT');
    },
  });
};

/** One test for each device and way, of so many processes. */
export const exits = (some: readonly Way[], times: number): void =>
  it.for(ourDevices.flatMap((device) => some.map((way) => [device, way] as const)))(
    `%s: %s, ${times} times: the process ends soon, with its own code`,
    async ([device, way], { skip }) => {
      skipUnlessBuilt(device, skip);
      let slowest = 0;
      for (let i = 0; i < times; i++) {
        const { code, signal, errors, output, milliseconds } = await endOnce(device, way);
        expect(output, `process ${i}: ${errors}`).toContain('now\n');
        expect({ code, signal }, `process ${i}: ${errors}`).toEqual({
          code: undefined,
          signal: undefined,
          ...ways[way],
        });
        if (way.startsWith('exception')) expect(errors).toContain('on purpose');
        else expect(errors).toBe('');
        slowest = Math.max(slowest, milliseconds);
      }
      if (times > 1)
        console.log(`${device}, ${way}: ${times} processes, the slowest end took ${slowest.toFixed(0)} ms`);
      expect(slowest).toBeLessThan(SOON);
    },
  );
