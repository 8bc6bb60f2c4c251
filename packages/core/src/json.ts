// Plain JSON: what it is, how it is frozen, and how numbers that JSON lacks are kept in logs.
import type { Json } from './codec.js';

/** An object made by a literal or by JSON.parse, and by no class. */
export const isPlain = (value: unknown): value is Record<string, unknown> => {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/** Freezes a parsed value all the way down, so that one consumer cannot change what another reads. */
export const deepFreeze = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const child of Object.values(value)) deepFreeze(child);
  }
  return value;
};

/** A copy of an object without the entries that are undefined. */
export const defined = <T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as never;

/** A log may say NaN (a loss that blew up is news): JSON has no word for it, so it is kept as `{"$number":"NaN"}`. */
export const stringifyLog = (value: unknown): string =>
  JSON.stringify(value, (_, v: unknown) => (typeof v === 'number' && !Number.isFinite(v) ? { $number: String(v) } : v));

/** The inverse of `stringifyLog`. */
export const parseLog = (line: string): Json =>
  JSON.parse(line, (_, v: unknown) =>
    isPlain(v) && typeof v['$number'] === 'string' ? Number(v['$number']) : v,
  ) as Json;
