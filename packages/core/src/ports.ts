// Ports: what a stage takes and gives, and the types of the refs and values that go through them.
import type { AnyKind, Ref, ValueOf } from './kind.js';

export interface Many<K extends AnyKind> {
  readonly many: K;
}
export interface Optional<K extends AnyKind | Many<AnyKind>> {
  readonly optional: K;
}
export interface SameAs<Port extends string> {
  readonly sameAs: Port;
}
/** An input that may be left out: a kind, or a list (`optional(many(Model))`). */
export const optional = <K extends AnyKind | Many<AnyKind>>(of: K): Optional<K> => ({ optional: of });
/** An input that takes a list. */
export const many = <K extends AnyKind>(of: K): Many<K> => ({ many: of });
/** An output of whatever kind was given to that input. */
export const sameAs = <const Port extends string>(port: Port): SameAs<Port> => ({ sameAs: port });

type AnyOptional = Optional<AnyKind | Many<AnyKind>>;
export type Inputs = { readonly [port: string]: AnyKind | AnyOptional | Many<AnyKind> };
export type Outputs = { readonly [port: string]: AnyKind | SameAs<string> };

/** One input port, read apart. */
export interface InputPort {
  readonly kind: AnyKind;
  readonly optional: boolean;
  readonly many: boolean;
}
/** The kind behind an input port and whether it is optional or a list. */
export const inputPort = (port: Inputs[string]): InputPort => {
  if ('many' in port) return { kind: port.many, optional: false, many: true };
  if ('optional' in port) return { ...inputPort(port.optional), optional: true };
  return { kind: port, optional: false, many: false };
};

type OptionalPorts<In> = { [P in keyof In]: In[P] extends AnyOptional ? P : never }[keyof In];
type RefIn<K> = K extends Many<infer M> ? readonly Ref<M>[] : K extends AnyKind ? Ref<K> : never;
type ValueIn<K> = K extends Many<infer M> ? readonly ValueOf<M>[] : ValueOf<K>;
export type Flat<T> = { [P in keyof T]: T[P] } & {};
/** Without the index signature that zod gives an empty object, which would allow every key. */
export type Known<T> = { [K in keyof T as string extends K ? never : K]: T[K] };

/** What a call site gives for a stage's inputs. */
export type RefsIn<In> = Flat<
  {
    readonly [P in Exclude<keyof In, OptionalPorts<In>>]: RefIn<In[P]>;
  } & { readonly [P in OptionalPorts<In>]?: In[P] extends Optional<infer K> ? RefIn<K> | undefined : never }
>;

/** What a call site gets back; `Given` is what it gave, for `sameAs`. */
export type RefsOut<Out, Given> = {
  readonly [P in keyof Out]: Out[P] extends SameAs<infer Port>
    ? Port extends keyof Given
      ? Given[Port]
      : never
    : Out[P] extends AnyKind
      ? Ref<Out[P]>
      : never;
};

/** What a stage's `run` sees. */
export type ValuesIn<In> = {
  readonly [P in keyof In]: In[P] extends Optional<infer K> ? ValueIn<K> | undefined : ValueIn<In[P]>;
};

/** What a stage's `run` must return. */
export type ValuesOut<In, Out> = {
  readonly [P in keyof Out]: Out[P] extends SameAs<infer Port>
    ? Port extends keyof In
      ? ValueOf<In[Port]>
      : never
    : ValueOf<Out[P]>;
};
