// Rotary positions from primitives, for devices without the kernel: the two members of all pairs are taken apart, turned and joined again.
import type { Device, Storage } from '../device.js';
import type { RopeSpec } from '../kernels.js';

/** As the kernel: x (rows, heads·D) turned by the table, backwards where asked. */
export function composeRope(device: Device, spec: RopeSpec): Storage {
  const { x, table, rows, tableRows, heads, rotated, headSize: D, rotary, pairing } = spec;
  const repeats = rows / tableRows;
  const half = rotary / 2;
  const made: Storage[] = [];
  const keep = (storage: Storage): Storage => {
    made.push(storage);
    return storage;
  };
  // A block of heads' dimensions as (repeats, tableRows, heads, dimensions).
  const box = (fromHead: number, toHead: number, from: number, to: number): Storage =>
    keep(device.slice(x, [rows, heads, D], [0, fromHead, from], [rows, toHead - fromHead, to - from]));
  const member = (which: 0 | 1): Storage => {
    if (pairing === 'half') return box(0, rotated, which * half, (which + 1) * half);
    const turned = box(0, rotated, 0, rotary);
    return keep(device.slice(turned, [rows * rotated, half, 2], [0, 0, which], [rows * rotated, half, 1]));
  };
  const angles = (which: 0 | 1): Storage =>
    keep(device.slice(table, [tableRows, 2, half], [0, which, 0], [tableRows, 1, half]));

  const shape = [repeats, tableRows, rotated, half];
  const row = [tableRows, 1, half];
  const times = (a: Storage, b: Storage): Storage => keep(device.binary('mul', a, shape, b, row, shape));
  const [a, b] = [member(0), member(1)];
  const cos = angles(0);
  const sin = spec.back ? keep(device.affine(angles(1), -1, 0)) : angles(1);
  const first = keep(device.binary('sub', times(a, cos), shape, times(b, sin), shape, shape));
  const second = keep(device.binary('add', times(b, cos), shape, times(a, sin), shape, shape));
  const pairs = rows * rotated * half;
  const halves = pairing === 'half' ? [rows * rotated, half] : [pairs, 1];
  let turned = keep(device.concat([first, second], [halves, halves], 1));
  if (rotary < D) {
    const rest = box(0, rotated, rotary, D);
    const count = rows * rotated;
    turned = keep(
      device.concat(
        [turned, rest],
        [
          [count, rotary],
          [count, D - rotary],
        ],
        1,
      ),
    );
  }
  if (rotated < heads) {
    const others = box(rotated, heads, 0, D);
    turned = keep(
      device.concat(
        [turned, others],
        [
          [rows, rotated * D],
          [rows, (heads - rotated) * D],
        ],
        1,
      ),
    );
  }
  for (const storage of made) if (storage !== turned) device.free(storage);
  return turned;
}
