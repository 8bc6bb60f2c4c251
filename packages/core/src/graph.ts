// The one sentence of the API, `g.add(what, from, how)`: its types, and the same checks at run time.
import type * as z from 'zod';
import type { AnyKind, AnyRef, Flat, Many, Optional, RefsIn, RefsOut } from './artifacts.js';
import { canonical } from './canonical.js';
import { IngotError, suggest } from './errors.js';
import { parse, ready, type AnyPart, type Fill } from './parts.js';
import { validName, type AnyStage, type Plugin } from './stages.js';

export type StageMap = { readonly [name: string]: AnyStage };
type OneOf<L> = L extends readonly (infer E)[] ? E : never;
export type StagesOf<P extends readonly Plugin[]> = { readonly [S in OneOf<P[number]['stages']> as S['name']]: S };
export type PartsOf<P extends readonly Plugin[]> = OneOf<P[number]['parts']>;

/** `options` and `view` in one object, with the installed parts in the slots. */
export type How<S extends AnyStage, P> = Flat<Fill<P, z.input<S['options']>> & Fill<P, z.input<S['view']>>>;
type Rest<H> = {} extends H ? [how?: H, label?: string] : [how: H, label?: string];
/** An extra port must not compile, and the message names it. */
type NoExtra<From, In> = { readonly [Port in Exclude<keyof From, keyof In>]: `there is no input '${Port & string}'` };

export interface Graph<out S extends StageMap, in P extends AnyPart> {
  add<const What extends keyof S & string, const From extends RefsIn<S[What]['inputs']>>(
    what: What, from: From & NoExtra<From, S[What]['inputs']>, ...rest: Rest<How<S[What], P>>
  ): RefsOut<S[What]['outputs'], From>;
}
/** The graph that a set of plugins gives, for sub-pipelines: any larger set's graph is assignable to it. */
export type GraphOf<P extends readonly Plugin[]> = Graph<StagesOf<P>, PartsOf<P>>;

type Given = AnyRef | readonly AnyRef[] | undefined;
export interface Node {
  readonly id: string;
  readonly stage: AnyStage;
  readonly inputs: Readonly<Record<string, AnyRef | readonly AnyRef[]>>;
  readonly options: unknown;
  readonly view: unknown;
}
/** `add` without types: the typed graph is a cast of this, and recipes call it as it is. */
export type UntypedAdd = (what: string, from: Readonly<Record<string, Given>>, how?: Readonly<Record<string, unknown>>, label?: string) => Record<string, AnyRef>;

export function wiring(pipeline: string, stages: ReadonlyMap<string, AnyStage>, parts: ReadonlyMap<string, AnyPart>) {
  const nodes = new Map<string, Node>();
  const made = new WeakSet<AnyRef>();

  const checkRef = (ref: AnyRef, want: AnyKind, where: string) => {
    if (!made.has(ref)) throw new IngotError('bad-wiring', `${where} was given ${ref?.stage ? `'${ref.stage}.${ref.port}' from another pipeline` : 'something that is not a ref'}.`);
    if (!(want.name in ref.kind.is)) throw new IngotError('bad-wiring', `${where} wants '${want.name}', got '${ref.kind.name}' from '${ref.stage}.${ref.port}'.`);
  };
  const add: UntypedAdd = (what, from, how = {}, label) => {
    const stage = stages.get(what);
    if (!stage) throw new IngotError('unknown-name', `Pipeline '${pipeline}' asks for stage '${what}'.${suggest(what, [...stages.keys()])}`);
    if (label !== undefined) validName(label, 'Label');
    let id = label ?? what;
    for (let n = 2; label === undefined && nodes.has(id); n++) id = `${what}-${n}`;
    const where = `Stage '${id}' of pipeline '${pipeline}'`;
    if (nodes.has(id)) throw new IngotError('duplicate', `${where} exists already. Give another label.`);

    const ports = Object.keys(stage.inputs);
    for (const port of Object.keys(from)) if (!ports.includes(port)) throw new IngotError('bad-wiring', `${where} has no input '${port}'.${suggest(port, ports)}`);
    const inputs: Record<string, AnyRef | readonly AnyRef[]> = {};
    for (const [port, want] of Object.entries(stage.inputs) as [string, Partial<Optional<AnyKind> & Many<AnyKind>> & AnyKind][]) {
      const given = from[port];
      const here = `${where}, input '${port}',`;
      if (given === undefined && want.optional) continue;
      if (given === undefined || Array.isArray(given) !== Boolean(want.many)) throw new IngotError('bad-wiring', `${here} wants ${want.many ? `a list of '${want.many.name}'` : `'${(want.optional ?? want).name}'`}, got ${given === undefined ? 'nothing' : want.many ? 'a single ref' : 'a list'}.`);
      for (const ref of [given].flat() as AnyRef[]) checkRef(ref, want.many ?? want.optional ?? want, here);
      inputs[port] = given;
    }

    const isView = (key: string) => key in stage.view.shape;
    const known = [...Object.keys(stage.options.shape), ...Object.keys(stage.view.shape)];
    for (const key of Object.keys(how)) if (!known.includes(key)) throw new IngotError('bad-options', `${where} has no option '${key}'.${suggest(key, known)}`);
    const pick = (wanted: boolean) => Object.fromEntries(Object.entries(how).filter(([key]) => isView(key) === wanted));
    const options = ready(parse(stage.options, pick(false), where), parts, where);
    canonical(options, `${where}, options`);
    nodes.set(id, { id, stage, inputs, options, view: parse(stage.view, pick(true), where) });

    return Object.fromEntries(Object.entries(stage.outputs).map(([port, out]) => {
      const ref: AnyRef = { kind: 'sameAs' in out ? (inputs[out.sameAs as string] as AnyRef).kind : out, stage: id, port };
      made.add(ref);
      return [port, ref];
    }));
  };
  return { add, nodes, made };
}
