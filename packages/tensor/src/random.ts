// Random numbers on the host by (key, counter), the same as a device's `uniform`: uniform in [0, 1) and standard normal.
import { TensorError } from './errors.js';
import { philoxBlock, type PhiloxKey } from './philox.js';

function check(op: string, length: number, counter: number): void {
  if (!Number.isSafeInteger(length) || length < 0 || !Number.isSafeInteger(counter) || counter < 0) {
    throw new TensorError('bad-option', op, {
      wanted: 'a whole length and counter from 0',
      got: `length ${length}, counter ${counter}`,
    });
  }
}

/** `length` numbers in [0, 1): element i is word i mod 4 of block counter + i div 4, as (word >>> 8) · 2^-24. Throws `bad-option`. */
export function uniform(length: number, key: PhiloxKey, counter = 0): Float32Array {
  check('uniform', length, counter);
  const numbers = new Float32Array(length);
  for (let i = 0; i < length; i += 4) {
    const block = philoxBlock(counter + i / 4, key);
    for (let j = 0; j < 4 && i + j < length; j++) numbers[i + j] = ((block[j] ?? 0) >>> 8) * 2 ** -24;
  }
  return numbers;
}

/**
 * `length` standard normal numbers by Box and Muller (1958): block counter + i div 4 gives two pairs. Uses (counter … counter + ⌈length / 4⌉ − 1),
 * 32 bits a word; the radius' uniform is in (0, 1], so every number is finite. Throws `bad-option`.
 */
export function normal(length: number, key: PhiloxKey, counter = 0): Float32Array {
  check('normal', length, counter);
  const numbers = new Float32Array(length);
  for (let i = 0; i < length; i += 4) {
    const [a, b, c, d] = philoxBlock(counter + i / 4, key);
    writePair(numbers, i, a, b);
    writePair(numbers, i + 2, c, d);
  }
  return numbers;
}

function writePair(into: Float32Array, at: number, first: number, second: number): void {
  const radius = Math.sqrt(-2 * Math.log((first + 1) * 2 ** -32));
  const angle = 2 * Math.PI * second * 2 ** -32;
  if (at < into.length) into[at] = radius * Math.cos(angle);
  if (at + 1 < into.length) into[at + 1] = radius * Math.sin(angle);
}
