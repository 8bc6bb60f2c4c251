// Fuzzing every build of the kernels against the reference device: random shapes, strides, types, ops and options.
import { referenceDevice, type Device } from '@ingot/tensor';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { builds } from '../builds.js';
import { answerOf, differenceOf, type MakeCase } from './case.js';
import { drawsOf } from './draws.js';
import { elementwise } from './elementwise.js';
import { kernels } from './kernels.js';
import { rows } from './rows.js';

const kinds: readonly (readonly [string, MakeCase])[] = Object.entries({ ...elementwise, ...rows, ...kernels });

/** `INGOT_FUZZ=<seed>` runs all cases of that seed instead, `INGOT_FUZZ=<seed>:<case>` that one alone. */
const [ownSeed, ownCase] = process.env['INGOT_FUZZ']?.split(':').map(Number) ?? [];

/** Registers a test for each seed, of so many cases, one of each kind in turn. A failure names seed, case, sizes and options. */
export const fuzz = (cases: number, seeds: readonly number[]): void => {
  const devices: [string, Device][] = [];
  beforeAll(async () => {
    for (const { name, open } of builds) devices.push([name, await open(2)]);
  });
  afterAll(() => devices.forEach(([, device]) => device.dispose()));

  it.for(ownSeed === undefined ? seeds : [ownSeed])(
    `${cases} random cases of seed %i as the reference device on ${builds.map(({ name }) => name).join(', ')}`,
    (seed) => {
      const reference = referenceDevice();
      const faults: string[] = [];
      for (let index = ownCase ?? 0; index < (ownCase === undefined ? cases : ownCase + 1); index++) {
        const [kind, make] = kinds[index % kinds.length]!;
        const one = make(drawsOf(seed, index));
        const wanted = answerOf(reference, one);
        for (const [name, device] of devices) {
          const label = `seed ${seed}, case ${index}, ${name}: ${kind} ${JSON.stringify(one.about)}`;
          const difference = differenceOf(one, answerOf(device, one), wanted);
          if (difference !== undefined) faults.push(`${label}: ${difference}`);
          const { arrays } = device.memory();
          if (arrays !== 0) throw new Error(`${label} left ${arrays} arrays`);
        }
      }
      expect(faults.slice(0, 20), `${faults.length} differences`).toEqual([]);
    },
  );
};
