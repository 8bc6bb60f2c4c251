// Slots: zod schemas whose input is a choice among the installed parts, and the types that fill them.
import * as z from 'zod';
import { isPlain } from './json.js';
import { Inlined, type PartRole } from './part.js';
import type { Flat } from './ports.js';

declare const slot: unique symbol;

/** What `one(Sampler)` takes where the installed parts are not known yet; the graph substitutes the real choices by this brand. */
export interface Slot<Role extends string, Value> {
  readonly use: string;
  readonly [option: string]: unknown;
  readonly [slot]?: { readonly role: Role; readonly value: Value };
}
/** `use` is a symbol no one can type: it makes every choice a member of one discriminated union, so errors list the installed names. */
export interface Inline<Role extends string, Value> {
  readonly use: typeof slot;
  readonly [slot]: { readonly role: Role; readonly value: Value };
}

/** A choice as it was written, before its part is looked up. */
export class Chosen {
  constructor(
    readonly role: string,
    readonly choice: { readonly use: string },
  ) {}
}

const roles = new WeakMap<object, string>();
/** The part role that a schema is a slot for, if it is one. */
export const roleOf = (schema: object): string | undefined => roles.get(schema);

/** A slot for one part. A default is `one(Sampler).prefault({ use: 'greedy' })`, checked when the graph is built. */
export const one = <Role extends string, Value>(role: PartRole<Role, Value>): z.ZodType<Value, Slot<Role, Value>> => {
  const fits = (given: unknown) =>
    given instanceof Inlined ? given.role === role.role : isPlain(given) && typeof given['use'] === 'string';
  const raw = z.custom<object>(fits, {
    error: `expected { use: '<name of an installed ${role.role}>', ... } or an inline ${role.role} with a name and a version`,
    params: { role: role.role },
  });
  roles.set(raw, role.role);
  const chosen = raw.transform((given) =>
    given instanceof Inlined ? given : new Chosen(role.role, given as { use: string }),
  );
  return chosen as unknown as z.ZodType<Value, Slot<Role, Value>>;
};

/** A slot for any number of parts, applied in order. */
export const list = <Role extends string, Value>(
  role: PartRole<Role, Value>,
): z.ZodType<readonly Value[], readonly Slot<Role, Value>[]> =>
  z.array(one(role)) as unknown as z.ZodType<readonly Value[], readonly Slot<Role, Value>[]>;

type Tag<V> = V extends { readonly [slot]?: infer T } ? NonNullable<T> : never;
type Installed<P, All, Role> = P extends { readonly role: Role; readonly name: infer Name; readonly options: infer O }
  ? Flat<{ readonly use: Name } & Fill<All, z.input<O>>>
  : never;
type Choice<P, T> = T extends { readonly role: infer Role; readonly value: infer Value }
  ? Installed<P, P, Role> | Inline<Role & string, Value>
  : never;
type FillOne<P, V> = V extends readonly (infer E)[]
  ? typeof slot extends keyof E
    ? readonly Choice<P, Tag<E>>[]
    : V
  : typeof slot extends keyof V
    ? Choice<P, Tag<V>>
    : V;
/** The same options with every slot replaced by a choice among the installed parts `P`. The `as` drops index signatures: see Known. */
export type Fill<P, T> = { [K in keyof T as string extends K ? never : K]: FillOne<P, T[K]> };
