// Parts: things chosen by name inside a stage's options, from an open set that plugins extend.
import * as z from 'zod';
import type { Flat, Known } from './artifacts.js';
import { IngotError, suggest } from './errors.js';
import type { Injected, Needs } from './services.js';

declare const slot: unique symbol;
/** What `one(Sampler)` takes where the installed parts are not known yet; the graph substitutes the real choices by this brand. */
export interface Slot<Role extends string, Value> { readonly use: string; readonly [option: string]: unknown; readonly [slot]?: { readonly role: Role; readonly value: Value } }

export interface Part<Role extends string, Name extends string, Options extends z.ZodObject> {
  readonly role: Role;
  readonly name: Name;
  readonly version: number;
  readonly options: Options;
  readonly needs: Needs;
  make(options: never, services: never): unknown;
}
export type AnyPart = Part<string, string, z.ZodObject>;

export interface PartRole<Role extends string, Value> {
  readonly role: Role;
  part<const Name extends string, Options extends z.ZodObject, const N extends Needs = {}>(spec: {
    readonly name: Name;
    readonly version: number;
    readonly options: Options;
    readonly needs?: N;
    make(options: Known<z.output<Options>>, services: Injected<N>): Value;
  }): Part<Role, Name, Options>;
  /** A value given in code: a function has no identity, so its name and version are the key. */
  inline(name: string, version: number, value: Value): Inline<Role, Value>;
}
export const definePart = <Value>() => <const Role extends string>(role: Role): PartRole<Role, Value> => ({
  role,
  part: (spec) => ({ role, needs: {}, ...spec }),
  inline: (name, version, value) => {
    if (!name || !Number.isInteger(version)) throw new IngotError('bad-name', `An inline ${role} wants a name and a whole version: they are its cache key.`);
    return new Inlined(role, name, version, value) as unknown as never;
  },
});
/** `use` is a symbol no one can type: it makes every choice a member of one discriminated union, so errors list the installed names. */
export interface Inline<Role extends string, Value> { readonly use: typeof slot; readonly [slot]: { readonly role: Role; readonly value: Value } }
class Inlined { constructor(readonly role: string, readonly name: string, readonly version: number, readonly value: unknown) {} }
class Chosen { constructor(readonly role: string, readonly choice: { readonly use: string }) {} }
const roles = new WeakMap<object, string>();
export const roleOf = (schema: object): string | undefined => roles.get(schema);

/** A slot for one part. A default is `one(Sampler).prefault({ use: 'greedy' })`, checked when the graph is built. */
export const one = <Role extends string, Value>(role: PartRole<Role, Value>): z.ZodType<Value, Slot<Role, Value>> => {
  const raw = z.custom<object>((v) => (v instanceof Inlined ? v.role === role.role : isPlain(v) && typeof v['use'] === 'string'), `expected { use: '<a ${role.role}>', ... } or an inline ${role.role} with a name and a version`);
  roles.set(raw, role.role);
  return raw.transform((v) => (v instanceof Inlined ? v : new Chosen(role.role, v as { use: string }))) as unknown as z.ZodType<Value, Slot<Role, Value>>;
};
/** A slot for any number of parts, applied in order. */
export const list = <Role extends string, Value>(role: PartRole<Role, Value>): z.ZodType<readonly Value[], readonly Slot<Role, Value>[]> =>
  z.array(one(role)) as unknown as z.ZodType<readonly Value[], readonly Slot<Role, Value>[]>;

type Tag<V> = V extends { readonly [slot]?: infer T } ? NonNullable<T> : never;
type Installed<P, All, Role> = P extends { readonly role: Role; readonly name: infer Name; readonly options: infer O } ? Flat<{ readonly use: Name } & Fill<All, z.input<O>>> : never;
type Choice<P, T> = T extends { readonly role: infer Role; readonly value: infer Value } ? Installed<P, P, Role> | Inline<Role & string, Value> : never;
type FillOne<P, V> = V extends readonly (infer E)[] ? (typeof slot extends keyof E ? readonly Choice<P, Tag<E>>[] : V) : typeof slot extends keyof V ? Choice<P, Tag<V>> : V;
/** The same options with every slot replaced by a choice among the installed parts `P`. */
export type Fill<P, T> = { [K in keyof T as string extends K ? never : K]: FillOne<P, T[K]> }; // the `as`: see Known

/** A chosen part after its own options are parsed: `identity` goes into the key, `make` is called when the run needs it. */
export class Ready { constructor(readonly identity: object, readonly needs: Needs, readonly make: (resolve: Resolve) => Promise<unknown>) {} }
type Resolve = (needs: Needs) => Promise<unknown>;

export const isPlain = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null && [Object.prototype, null].includes(Object.getPrototypeOf(v) as never);
const walk = (v: unknown, visit: (v: unknown) => unknown): unknown =>
  Array.isArray(v) ? v.map((x) => walk(x, visit)) : isPlain(v) ? Object.fromEntries(Object.entries(v).map(([k, x]) => [k, walk(x, visit)])) : visit(v);

/** Replaces every choice in parsed options, nested ones too. */
export const ready = (value: unknown, installed: ReadonlyMap<string, AnyPart>, where: string): unknown => walk(value, (v) => {
  if (v instanceof Inlined) return new Ready({ part: v.role, inline: v.name, version: v.version }, {}, async () => v.value);
  if (!(v instanceof Chosen)) return v;
  const { use, ...rest } = v.choice;
  const part = installed.get(`${v.role}/${use}`);
  if (!part) throw new IngotError('unknown-name', `${where} asks for ${v.role} '${use}'.${suggest(use, [...installed.values()].filter((p) => p.role === v.role).map((p) => p.name))}`);
  const here = `${where}, ${v.role} '${use}'`;
  const options = ready(parse(part.options, rest, here), installed, here);
  return new Ready({ part: v.role, use, version: part.version, options }, part.needs, async (resolve) => part.make((await made(options, resolve)) as never, (await resolve(part.needs)) as never));
});
export const made = async (value: unknown, resolve: Resolve): Promise<unknown> => {
  if (value instanceof Ready) return value.make(resolve);
  if (Array.isArray(value)) return Promise.all(value.map((x) => made(x, resolve)));
  return isPlain(value) ? Object.fromEntries(await Promise.all(Object.entries(value).map(async ([k, x]) => [k, await made(x, resolve)] as const))) : value;
};
/** Services needed by parts anywhere in these options. */
export const partNeeds = (value: unknown): Needs[] => {
  if (value instanceof Ready) return [value.needs, ...partNeeds(value.identity)];
  return Array.isArray(value) || isPlain(value) ? Object.values(value).flatMap(partNeeds) : [];
};

/** Parses strictly, with near misses for unknown keys. */
export const parse = (schema: z.ZodObject, value: unknown, where: string): Record<string, unknown> => {
  const known = Object.keys(schema.shape);
  for (const key of Object.keys((value ?? {}) as object)) if (!known.includes(key)) throw new IngotError('bad-options', `${where} has no option '${key}'.${suggest(key, known)}`);
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new IngotError('bad-options', `${where}:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
};
