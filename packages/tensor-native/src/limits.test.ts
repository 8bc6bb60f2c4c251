// What the kernels' argument block and 32-bit sizes cannot take is split or refused, never cut short.
import { referenceDevice, type Device, type Storage } from '@ingot/tensor';
import { describe, expect, test } from 'vitest';
import { nativeDevice } from './device.js';
import { findAddon } from './load-addon.js';
import { wasmDevice } from './wasm/index.js';

const reference = referenceDevice();
const devices: [string, Device][] = [['wasm', await wasmDevice({ threads: 1 })]];
if (findAddon()) devices.push(['native', nativeDevice({ threads: 2 })]);

const size = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);
const counted = (device: Device, shape: readonly number[], from = 0): Storage =>
  device.upload(Float32Array.from({ length: size(shape) }, (_, i) => from + i));

describe.each(devices)('%s', (_name, device) => {
  const same = (run: (on: Device) => Storage): void => {
    const read = (on: Device): number[] => {
      const made = run(on);
      const numbers = [...on.download(made)];
      on.free(made);
      return numbers;
    };
    expect(read(device)).toEqual(read(reference));
  };

  test.each([33, 65, 200, 5000])('concat of %i parts', (count) => {
    same((on) => {
      const shapes = Array.from({ length: count }, (_, i) => [2, 1 + (i % 3)]);
      const parts = shapes.map((shape, i) => counted(on, shape, 10 * i));
      const made = on.concat(parts, shapes, 1);
      for (const part of parts) on.free(part);
      return made;
    });
    expect(device.memory().arrays).toBe(0);
  });

  test('nine axes and more', () => {
    const shape = [2, 1, 2, 1, 3, 1, 2, 1, 2, 1, 2];
    same((on) => {
      const x = counted(on, shape);
      const made = on.transpose(x, shape, [...shape.keys()].reverse());
      on.free(x);
      return made;
    });
    same((on) => {
      const x = counted(on, shape);
      const made = on.slice(
        x,
        shape,
        shape.map((n) => n - 1),
        shape.map(() => 1),
      );
      on.free(x);
      return made;
    });
    same((on) => {
      const other = shape.map((n, axis) => (axis % 4 === 0 ? n : 1));
      const [x, y] = [counted(on, shape), counted(on, other)];
      const made = on.binary('add', x, shape, y, other, shape);
      on.free(x);
      on.free(y);
      return made;
    });
  });

  test('more axes than the kernels walk are refused', () => {
    const shape = Array.from({ length: 33 }, () => 1);
    const x = device.zeros('f32', 1);
    expect(() => device.transpose(x, shape, [...shape.keys()])).toThrow(/at most 32 axes/);
    device.free(x);
  });

  test('an array beyond 32-bit sizes is refused before anything is made', () => {
    expect(() => device.zeros('f32', 2 ** 31)).toThrow(/at most \d+ bytes/);
    const x = device.zeros('f32', 1);
    // 2³² + 1 numbers: cut to 32 bits this would be one.
    expect(() => device.binary('add', x, [], x, [], [3, 1431655766, 1])).toThrow(/at most \d+ bytes/);
    device.free(x);
    expect(device.memory().arrays).toBe(0);
  });
});
