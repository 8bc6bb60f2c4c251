// What plugin authors write: stages, roles that fix their ports, and plugins that carry them.
import * as z from 'zod';
import type { AnyKind, Flat, Inputs, Known, Optional, Outputs, ValuesIn, ValuesOut } from './artifacts.js';
import { IngotError } from './errors.js';
import type { Json } from './codec.js';
import type { EventTypes, StageEvent } from './events.js';
import type { AnyPart } from './parts.js';
import type { Bind, Injected, Needs } from './services.js';

/** Bytes held at the peak, floating-point operations in all, threads kept busy. */
export interface Estimate { readonly bytes: number; readonly flops: number; readonly threads?: number }
/** State a killed run goes on from; kept under the stage's key. */
export interface Checkpoint {
  /** The last saved state, or undefined at a first start. */
  load(): Promise<{ readonly meta: Json; blob(name: string): Promise<Uint8Array> } | undefined>;
  /** Replaces the saved state as a whole. Yield a step's events before you save that step: the log so far is saved with it. */
  save(meta: Json, blobs?: Readonly<Record<string, Uint8Array | AsyncIterable<Uint8Array>>>): Promise<void>;
}
export interface Context<In, Options, View, N> {
  readonly inputs: ValuesIn<In>;
  readonly options: Options;
  readonly view: View;
  readonly services: Injected<N>;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly checkpoint: Checkpoint;
}
export type Nothing = z.ZodObject<{}, z.core.$strict>;

export interface StageSpec<Name, In, Out, Options extends z.ZodObject, View extends z.ZodObject, N> {
  readonly name: Name;
  /** Bump when the maths changes: it is part of the key. */
  readonly version: number;
  /** What changes the result. */
  readonly options: Options;
  /** What does not: logging, titles. Never part of the key. */
  readonly view?: View;
  readonly needs?: N;
  /** For stages that read the world: a digest of the content they would read. Where it is read from belongs in `view`, so that a path never enters a key. */
  readonly fingerprint?: (how: Known<z.output<Options>> & Known<z.output<View>>) => Promise<string>;
  /** It draws random numbers: the pipeline's seed enters the key. */
  readonly draws?: true;
  /** It keeps the machine busy: of such stages one runs at a time. */
  readonly computes?: true;
  /** It reads an endpoint or a hub, whose content cannot be known before: it runs each time, and what follows is keyed by what it made. */
  readonly volatile?: true;
  /** Traits that its inputs may disagree about, such as `['tokenizer']` for a comparison. */
  readonly mixes?: readonly string[];
  /** What it will cost, before it starts; values of inputs that are not made yet are undefined. */
  estimate?(about: { readonly options: Known<z.output<Options>>; readonly inputs: Partial<ValuesIn<In>> }): Estimate | undefined | Promise<Estimate | undefined>;
  run(context: Context<In, Known<z.output<Options>>, Known<z.output<View>>, N>): AsyncGenerator<StageEvent, ValuesOut<In, Out>, void>;
}
/** A stage as the graph sees it. The author's types were checked at `defineStage`; keeping `run` erased keeps the installed types small. */
export interface Stage<Name extends string, In extends Inputs, Out extends Outputs, Options extends z.ZodObject, View extends z.ZodObject> {
  readonly name: Name;
  readonly version: number;
  readonly inputs: In;
  readonly outputs: Out;
  readonly options: Options;
  readonly view: View;
  readonly needs: Needs;
  readonly fingerprint?: (options: never) => Promise<string>;
  readonly draws?: true;
  readonly computes?: true;
  readonly volatile?: true;
  readonly mixes?: readonly string[];
  estimate?(about: never): Estimate | undefined | Promise<Estimate | undefined>;
  run(context: never): AsyncGenerator<StageEvent, object, void>;
}
export type AnyStage = Stage<string, Inputs, Outputs, z.ZodObject, z.ZodObject>;

export const validName = (name: string, what: string) => {
  if (!/^[a-z][a-z0-9-]*$/.test(name)) throw new IngotError('bad-name', `${what} '${name}' must be lower-case words joined by dashes.`);
};

export const defineStage = <const Name extends string, const In extends Inputs, const Out extends Outputs, Options extends z.ZodObject, View extends z.ZodObject = Nothing, const N extends Needs = {}>(
  spec: StageSpec<Name, In, Out, Options, View, N> & { readonly inputs: In; readonly outputs: Out },
): Stage<Name, In, Out, Options, View> => {
  validName(spec.name, 'Stage');
  const view = spec.view ?? (z.strictObject({}) as z.ZodObject as View);
  for (const key of Object.keys(view.shape)) if (key in spec.options.shape) throw new IngotError('duplicate', `Stage '${spec.name}' has '${key}' both in options and in view.`);
  return { needs: {}, ...spec, view };
};

/** A player's own ports: a wider kind than the role's (it asks for less), or one more that is optional. */
type Fits<Own, In> = {
  readonly [Port in keyof Own]: Port extends keyof In
    ? (In[Port] extends Own[Port] ? Own[Port] : `the role gives less to '${Port & string}'`)
    : Own[Port] extends Optional<AnyKind> ? Own[Port] : `'${Port & string}' must be optional`;
};
type Played<In, Own> = Flat<Omit<In, keyof Own> & Own>;

/** A role fixes the ports, so any two stages that play it can be swapped by one word. */
export const defineRole = <const In extends Inputs, const Out extends Outputs>(inputs: In, outputs: Out) => ({
  inputs,
  outputs,
  stage: <const Name extends string, Options extends z.ZodObject, View extends z.ZodObject = Nothing, const N extends Needs = {}, const Own extends Inputs = {}>(
    spec: StageSpec<Name, Played<In, Own>, Out, Options, View, N> & { readonly ports?: Own & Fits<Own, In> },
  ): Stage<Name, Played<In, Own>, Out, Options, View> => {
    const { ports, ...rest } = spec;
    for (const [port, own] of Object.entries(ports ?? {}) as [string, Inputs[string]][]) {
      const given = inputs[port];
      if (given ? !('is' in given && 'is' in own && own.name in given.is) : !('optional' in own)) throw new IngotError('bad-name', `Stage '${spec.name}' may only widen the ports of its role or add optional ones: '${port}' does neither.`);
    }
    return defineStage({ ...rest, inputs: { ...inputs, ...ports } as unknown as Played<In, Own>, outputs });
  },
});

/** The major version of this core; a plugin says it so that another major refuses it. */
export const CORE_MAJOR = 0;

export interface Plugin<S extends readonly AnyStage[] = readonly AnyStage[], P extends readonly AnyPart[] = readonly AnyPart[]> {
  readonly name: string;
  readonly version?: string;
  /** The major version of core that it was made for: `CORE_MAJOR` of the core it was built with. */
  readonly core?: number;
  /** Where another process can import it from: a specifier whose exports hold this plugin, or a function that makes it of `arguments`. */
  readonly module?: string | { readonly specifier: string; readonly export?: string; readonly arguments?: readonly Json[] };
  /** Schemas of the events that it adds to `EventTypes`. */
  readonly events?: { readonly [T in keyof EventTypes]?: z.ZodType };
  readonly stages?: S;
  readonly parts?: P;
  readonly services?: (bind: Bind) => void;
}
export const definePlugin = <const S extends readonly AnyStage[] = readonly [], const P extends readonly AnyPart[] = readonly []>(plugin: Plugin<S, P>): Plugin<S, P> => plugin;
