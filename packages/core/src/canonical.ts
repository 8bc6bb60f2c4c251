// Canonical JSON and the keys made of it. What JSON cannot tell apart is refused: two different things must never share a key.
import { createHash } from 'node:crypto';
import { IngotError } from './errors.js';
import { Ready, isPlain } from './parts.js';

const nameOf = (v: unknown) => (typeof v === 'object' && v !== null ? `a ${v.constructor?.name ?? 'bare object'}` : typeof v === 'function' ? 'a function' : `${typeof v === 'bigint' ? 'bigint ' : ''}${String(v)}`);

export const canonical = (value: unknown, where: string): string => {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number' && Number.isFinite(value)) return Object.is(value, -0) ? '-0' : JSON.stringify(value);
  if (value instanceof Ready) return canonical(value.identity, where);
  if (Array.isArray(value)) return `[${Array.from(value, (x, i) => canonical(x, `${where}[${i}]`)).join(',')}]`;
  if (isPlain(value)) return `{${Object.keys(value).sort().filter((k) => value[k] !== undefined).map((k) => `${JSON.stringify(k)}:${canonical(value[k], `${where}.${k}`)}`).join(',')}}`;
  throw new IngotError('not-keyable', `${where} is ${nameOf(value)}: a key can hold only plain JSON.`);
};
export const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
