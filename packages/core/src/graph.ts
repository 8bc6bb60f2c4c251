// The one sentence of the API, `g.add(what, from, how)`: its types.
import type * as z from 'zod';
import type { AnyPart } from './part.js';
import type { Plugin } from './plugin.js';
import type { Flat, RefsIn, RefsOut } from './ports.js';
import type { Fill } from './slot.js';
import type { AnyStage } from './stage.js';

export type StageMap = { readonly [name: string]: AnyStage };
type OneOf<L> = L extends readonly (infer E)[] ? E : never;
export type StagesOf<P extends readonly Plugin[]> = { readonly [S in OneOf<P[number]['stages']> as S['name']]: S };
export type PartsOf<P extends readonly Plugin[]> = OneOf<P[number]['parts']>;

/** `options` and `view` in one object, with the installed parts in the slots. */
export type How<S extends AnyStage, P> = Flat<Fill<P, z.input<S['options']>> & Fill<P, z.input<S['view']>>>;
/** A stage without options takes none: `{}` alone would take anything. */
type Rest<H> = [keyof H] extends [never]
  ? [how?: Readonly<Record<string, never>>, label?: string]
  : {} extends H
    ? [how?: H, label?: string]
    : [how: H, label?: string];
/** An extra port must not compile, and the message names it. */
type NoExtra<From, In> = { readonly [Port in Exclude<keyof From, keyof In>]: `there is no input '${Port & string}'` };

export interface Graph<out S extends StageMap, in P extends AnyPart> {
  /**
   * Adds a stage: its name, the artifacts it takes, its options; gives refs to what it will make. Throws what the plan would refuse.
   * `Named` is the stage of that name and never given: reached through a default, it is looked up once a call. Written as `S[What]` in
   * each place, the compiler would walk through all installed stages at each of them.
   */
  add<
    const What extends keyof S & string,
    const From extends RefsIn<Named['inputs']>,
    Named extends AnyStage = S[What],
  >(
    what: What,
    from: From & NoExtra<From, Named['inputs']>,
    ...rest: Rest<How<Named, P>>
  ): RefsOut<Named['outputs'], From>;
}

/** The graph that a set of plugins gives, for sub-pipelines: any larger set's graph is assignable to it. */
export type GraphOf<P extends readonly Plugin[]> = Graph<StagesOf<P>, PartsOf<P>>;
