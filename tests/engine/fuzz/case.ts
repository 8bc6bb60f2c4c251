// What a fuzz case is, and how two devices' answers are compared.
import type { Device, HostArray, Storage } from '@ingot/tensor';
import type { Draws } from './draws.js';

/** One computation on arrays that were drawn beforehand, so that every device gets the same. */
export interface FuzzCase {
  /** Sizes and options, printed when it fails. */
  readonly about: Readonly<Record<string, unknown>>;
  /** Differences are allowed relative to the largest number of a result (sums), or to each element alone (elementwise ops). */
  readonly relativeTo: 'largest' | 'each';
  /** Allowed difference, by default 2e-5: fp32 sums of some hundred terms. */
  readonly tolerance?: number;
  /** What is compared; inputs go through `put` and are freed afterwards. */
  run(device: Device, put: (data: HostArray) => Storage): readonly (Storage | HostArray)[];
}
/** Draws a case of one kind. */
export type MakeCase = (draws: Draws) => FuzzCase;

/** The results of a case as numbers; nothing stays on the device. */
export const answerOf = (device: Device, { run }: FuzzCase): HostArray[] => {
  const inputs: Storage[] = [];
  const results = run(device, (data) => {
    const made = device.upload(data);
    inputs.push(made);
    return made;
  });
  const isHost = (one: Storage | HostArray): one is HostArray => ArrayBuffer.isView(one);
  const answers = results.map((one) => (isHost(one) ? one : device.download(one)));
  for (const one of new Set([...inputs, ...results])) if (!isHost(one)) device.free(one);
  return answers;
};

/** The first number that differs by more than the case allows, in words; undefined where all agree. NaNs and infinities must agree exactly. */
export const differenceOf = (
  { relativeTo, tolerance = 2e-5 }: FuzzCase,
  got: readonly HostArray[],
  wanted: readonly HostArray[],
): string | undefined => {
  if (got.length !== wanted.length) return `${got.length} results, the reference has ${wanted.length}`;
  for (const [which, theirs] of wanted.entries()) {
    const mine = got[which]!;
    if (mine.length !== theirs.length)
      return `result ${which} has ${mine.length} numbers, the reference ${theirs.length}`;
    if (mine.constructor !== theirs.constructor) return `result ${which} is of another type`;
    let largest = 1;
    for (const x of theirs) if (Number.isFinite(x)) largest = Math.max(largest, Math.abs(x));
    for (const [i, x] of theirs.entries()) {
      const allowed = tolerance * (relativeTo === 'largest' ? largest : Math.max(1, Math.abs(x)));
      if (Object.is(mine[i], x) || Math.abs(mine[i]! - x) <= allowed) continue;
      return `result ${which}, element ${i}: ${mine[i]}, the reference has ${x}; allowed ${allowed}`;
    }
  }
  return undefined;
};
