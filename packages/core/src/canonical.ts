// Canonical JSON and the digests made of it. What JSON cannot tell apart is refused: two different things must never share a key.
import { createHash } from 'node:crypto';
import { isPlain } from './json.js';
import * as messages from './messages.js';

/** A value with an identity that stands for it in keys, such as a chosen part. */
export interface Identified {
  readonly identity: object;
}
const identities = new WeakSet<object>();
/** Marks a value so that `canonical` writes its identity instead. */
export const identify = <T extends Identified>(value: T): T => {
  identities.add(value);
  return value;
};

/**
 * JSON with sorted keys and without spaces; absent and undefined fields are the same, −0 is kept apart from 0.
 * Throws `not-keyable` for NaN, Infinity, Map, Set, RegExp, functions, class instances, bigint, symbols and undefined elements.
 */
export const canonical = (value: unknown, where: string): string => {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number' && Number.isFinite(value)) return Object.is(value, -0) ? '-0' : JSON.stringify(value);
  if (typeof value === 'object' && identities.has(value)) return canonical((value as Identified).identity, where);
  if (Array.isArray(value)) return `[${Array.from(value, (item, i) => canonical(item, `${where}[${i}]`)).join(',')}]`;
  if (!isPlain(value)) throw messages.notKeyable(where, value);
  const fields = Object.keys(value)
    .sort()
    .filter((key) => value[key] !== undefined)
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key], `${where}.${key}`)}`);
  return `{${fields.join(',')}}`;
};

/** sha256 in hexadecimal. */
export const digest = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');
