// Runs one case of the device contract suite and reads what it made.
import type { Device, Storage } from '@ingot/tensor';

/** What a case made, as numbers; its inputs and results are freed. */
export function runCase(
  device: Device,
  run: (keep: (x: Storage) => Storage) => Storage | readonly Storage[],
): (readonly number[])[] {
  const kept: Storage[] = [];
  const made = run((x) => {
    kept.push(x);
    return x;
  });
  const results = Array.isArray(made) ? (made as readonly Storage[]) : [made as Storage];
  const values = results.map((x) => [...device.download(x)]);
  for (const x of [...kept, ...results]) device.free(x);
  return values;
}
