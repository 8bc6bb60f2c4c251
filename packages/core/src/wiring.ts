// `g.add` without types: the same checks at run time, for recipes and JavaScript callers; the typed graph is a cast of this.
import { canonical } from './canonical.js';
import { readyParts } from './choice.js';
import type { AnyKind, AnyRef } from './kind.js';
import * as messages from './messages.js';
import { validName } from './names.js';
import { parseOptions, refuseUnknown } from './options.js';
import { inputPort, type Inputs } from './ports.js';
import type { AnyStage } from './stage.js';
import type { World } from './world.js';

type Given = AnyRef | readonly AnyRef[] | undefined;
export type UntypedAdd = (
  what: string,
  from: Readonly<Record<string, Given>>,
  how?: Readonly<Record<string, unknown>>,
  label?: string,
) => Record<string, AnyRef>;

/** A stage in its place in a pipeline. */
export interface Node {
  /** Its label, or its name with a number. */
  readonly id: string;
  readonly stage: AnyStage;
  readonly inputs: Readonly<Record<string, AnyRef | readonly AnyRef[]>>;
  /** As they were given; another process parses them again. */
  readonly how: Readonly<Record<string, unknown>>;
  /** Parsed, with ready parts in the slots. */
  readonly options: unknown;
  readonly view: unknown;
}
export type Nodes = ReadonlyMap<string, Node>;

/** The refs of an input, one or many. */
export const refsOf = (given: AnyRef | readonly AnyRef[]): readonly AnyRef[] =>
  Array.isArray(given) ? given : [given as AnyRef];

/** Splits `how` into parsed options (parts ready) and parsed view. Throws `bad-options`, `unknown-name` or `not-keyable`. */
export const parseHow = (
  stage: AnyStage,
  how: Readonly<Record<string, unknown>>,
  parts: World['parts'],
  where: string,
) => {
  refuseUnknown(how, [...Object.keys(stage.options.shape), ...Object.keys(stage.view.shape)], where);
  const pick = (wanted: boolean) =>
    Object.fromEntries(Object.entries(how).filter(([key]) => key in stage.view.shape === wanted));
  const options = readyParts(parseOptions(stage.options, pick(false), where, parts), parts, where);
  canonical(options, `${where}, options`);
  return { options, view: parseOptions(stage.view, pick(true), where, parts) };
};

/** A graph under construction: what was added so far, and the `add` that checks and adds. */
export const wiring = (pipeline: string, { stages, parts }: Pick<World, 'stages' | 'parts'>) => {
  validName(pipeline, 'Pipeline');
  const nodes = new Map<string, Node>();
  const made = new WeakSet<AnyRef>();

  const checkRef = (ref: AnyRef | undefined, want: AnyKind, where: string) => {
    if (!ref || typeof ref !== 'object' || !made.has(ref)) throw messages.foreignRef(where, ref);
    if (!(want.name in ref.kind.is))
      throw messages.wrongKind(where, want.name, ref.kind.name, `${ref.stage}.${ref.port}`);
  };
  const checkInputs = (ports: Inputs, from: Readonly<Record<string, Given>>, where: string) => {
    const names = Object.keys(ports);
    for (const port of Object.keys(from)) if (!names.includes(port)) throw messages.unknownPort(where, port, names);
    const inputs: Record<string, AnyRef | readonly AnyRef[]> = {};
    for (const [name, port] of Object.entries(ports)) {
      const want = inputPort(port);
      const given = from[name];
      const here = `${where}, input '${name}',`;
      if (given === undefined && want.optional) continue;
      if (given === undefined || Array.isArray(given) !== want.many) throw messages.wrongPort(here, want, given);
      for (const ref of refsOf(given)) checkRef(ref, want.kind, here);
      inputs[name] = given;
    }
    return inputs;
  };
  const freshId = (what: string, label: string | undefined, where: string) => {
    if (label !== undefined) {
      validName(label, 'Label');
      if (nodes.has(label)) throw messages.labelTaken(where, label);
      return label;
    }
    let id = what;
    for (let n = 2; nodes.has(id); n++) id = `${what}-${n}`;
    return id;
  };

  const add: UntypedAdd = (what, from, how = {}, label) => {
    const stage = stages.get(what);
    if (!stage) throw messages.unknownStage(pipeline, what, [...stages.keys()]);
    const id = freshId(what, label, `Pipeline '${pipeline}'`);
    const where = `Stage '${id}' of pipeline '${pipeline}'`;
    const inputs = checkInputs(stage.inputs, from, where);
    nodes.set(id, { id, stage, inputs, how, ...parseHow(stage, how, parts, where) });
    const refs = Object.entries(stage.outputs).map(([port, out]) => {
      const ref: AnyRef = { kind: 'sameAs' in out ? (inputs[out.sameAs] as AnyRef).kind : out, stage: id, port };
      made.add(ref);
      return [port, ref] as const;
    });
    return Object.fromEntries(refs);
  };
  const checkOutputs = (outputs: Readonly<Record<string, AnyRef>>) => {
    for (const [name, ref] of Object.entries(outputs))
      if (!ref || typeof ref !== 'object' || !made.has(ref))
        throw messages.foreignRef(`Pipeline '${pipeline}', result '${name}',`, ref);
  };
  return { add, nodes, checkOutputs };
};
