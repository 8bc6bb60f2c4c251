// A stage: a node of the graph, with typed ports, options and an `async *run`.
import * as z from 'zod';
import type { Checkpoint } from './checkpoint.js';
import type { StageEvent } from './events.js';
import type { Installed } from './installed.js';
import * as messages from './messages.js';
import { validName } from './names.js';
import type { Inputs, Known, Outputs, ValuesIn, ValuesOut } from './ports.js';
import type { Injected, Needs } from './token.js';

/** What a stage's `run` is given. */
export interface Context<In, Options, View, N> {
  readonly inputs: ValuesIn<In>;
  readonly options: Options;
  readonly view: View;
  readonly services: Injected<N>;
  /** The pipeline's seed; a stage that uses it says `draws: true`. */
  readonly seed: number;
  /** Aborted when the run is cancelled: call `throwIfAborted` between steps. */
  readonly signal: AbortSignal;
  readonly checkpoint: Checkpoint;
  /** Set when step N (counted from 1) is replayed: go on from a checkpoint of an earlier step, run to N, tell its gradients, return `replayed`. */
  readonly replay?: number | undefined;
}
/** What `run` returns when it was asked for a replay: core takes no outputs then. */
export const replayed = {} as never;
export type Nothing = z.ZodObject<{}, z.core.$strict>;

/** Bytes held at the peak, floating-point operations in all, threads kept busy. */
export interface Estimate {
  readonly bytes: number;
  readonly flops: number;
  readonly threads?: number;
}

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
  /** Beside `fingerprint`: the files and folders that it would read, there or not yet. A watch plans again when one changes. */
  readonly watches?: (
    how: Known<z.output<Options>> & Known<z.output<View>>,
  ) => readonly string[] | Promise<readonly string[]>;
  /** It heeds `replay` of its context: a step can be looked at again. */
  readonly replays?: true;
  /** It draws random numbers: the pipeline's seed enters the key. */
  readonly draws?: true;
  /** It keeps the machine busy: of such stages one runs at a time. */
  readonly computes?: true;
  /** It reads an endpoint or a hub, whose content cannot be known before: it runs each time, and what follows is keyed by what it made. */
  readonly volatile?: true;
  /** Traits that its inputs may disagree about, such as `['tokenizer']` for a comparison. */
  readonly mixes?: readonly string[];
  /** What it will cost, before it starts; values of inputs that are not made yet are undefined. */
  estimate?(about: {
    readonly options: Known<z.output<Options>>;
    readonly inputs: Partial<ValuesIn<In>>;
    /** For a stage whose cost depends on a part that its inputs name: a design's family. */
    readonly installed: Installed;
  }): Estimate | undefined | Promise<Estimate | undefined>;
  run(
    context: Context<In, Known<z.output<Options>>, Known<z.output<View>>, N>,
  ): AsyncGenerator<StageEvent, ValuesOut<In, Out>, void>;
}

/** A stage as the graph sees it. The author's types were checked at `defineStage`; keeping `run` erased keeps the installed types small. */
export interface Stage<
  Name extends string,
  In extends Inputs,
  Out extends Outputs,
  Options extends z.ZodObject,
  View extends z.ZodObject,
> {
  readonly name: Name;
  readonly version: number;
  readonly inputs: In;
  readonly outputs: Out;
  readonly options: Options;
  readonly view: View;
  readonly needs: Needs;
  readonly fingerprint?: (how: never) => Promise<string>;
  readonly watches?: (how: never) => readonly string[] | Promise<readonly string[]>;
  readonly replays?: true;
  readonly draws?: true;
  readonly computes?: true;
  readonly volatile?: true;
  readonly mixes?: readonly string[];
  estimate?(about: never): Estimate | undefined | Promise<Estimate | undefined>;
  run(context: never): AsyncGenerator<StageEvent, object, void>;
}
export type AnyStage = Stage<string, Inputs, Outputs, z.ZodObject, z.ZodObject>;

/** Throws `bad-name` for a bad name, version or `sameAs`, `duplicate` for a field that is both an option and a view. */
export const defineStage = <
  const Name extends string,
  const In extends Inputs,
  const Out extends Outputs,
  Options extends z.ZodObject,
  View extends z.ZodObject = Nothing,
  const N extends Needs = {},
>(
  spec: StageSpec<Name, In, Out, Options, View, N> & { readonly inputs: In; readonly outputs: Out },
): Stage<Name, In, Out, Options, View> => {
  validName(spec.name, 'Stage');
  if (!Number.isInteger(spec.version)) throw messages.badVersion(`Stage '${spec.name}'`, spec.version);
  const view = spec.view ?? (z.strictObject({}) as z.ZodObject as View);
  for (const key of Object.keys(view.shape))
    if (key in spec.options.shape) throw messages.optionAndView(spec.name, key);
  for (const [port, out] of Object.entries(spec.outputs) as [string, Outputs[string]][]) {
    if (!('sameAs' in out)) continue;
    const source = spec.inputs[out.sameAs];
    if (!source || 'many' in source || 'optional' in source)
      throw messages.badSameAs(spec.name, port, out.sameAs, Object.keys(spec.inputs));
  }
  return { needs: {}, ...spec, view };
};
