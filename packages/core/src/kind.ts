// Kinds of artifacts, the lattice between them, and refs to artifacts that are not made yet.
import type { Codec } from './codec.js';
import { validKindName } from './names.js';

declare const value: unique symbol;

/** `is` holds the kind's own name and every wider kind's, so structural subtyping is the lattice, in types and at run time alike. */
export interface Kind<Names extends string, Value> {
  readonly name: string;
  readonly is: { readonly [N in Names]: true };
  /** How the value is stored; without one it must be plain JSON. */
  readonly codec: object | undefined;
  /** Traits that artifacts of this kind inherit from what they were made of, such as 'tokenizer'. */
  readonly carries: readonly string[];
  readonly [value]: Value; // in types only
}
export type AnyKind = Kind<never, unknown>;
export type ValueOf<K> = K extends { readonly [value]: infer V } ? V : never;

/** A kind of artifact; `codec` says how its values are stored, `carries` which traits they inherit. */
export const kind =
  <Value>() =>
  <const Name extends string>(
    name: Name,
    how: { readonly codec?: Codec<Value>; readonly carries?: readonly string[] } = {},
  ): Kind<Name, Value> => {
    validKindName(name);
    return { name, is: { [name]: true }, codec: how.codec, carries: how.carries ?? [] } as unknown as Kind<Name, Value>;
  };

/** A narrower kind carries the same value: it records what was done to it, so `sameAs` is sound by construction. */
export const narrow = <Names extends string, Value, const Name extends string>(
  wider: Kind<Names, Value>,
  name: Name,
): Kind<Names | Name, Value> => {
  validKindName(name);
  return { ...wider, name, is: { ...wider.is, [name]: true } } as unknown as Kind<Names | Name, Value>;
};

/** A promise of an artifact that an earlier stage will make. */
export interface Ref<K extends AnyKind> {
  readonly kind: K;
  readonly stage: string;
  readonly port: string;
}
export type AnyRef = Ref<AnyKind>;
