// A role fixes the ports of a stage, so that any two stages that play it can be swapped by one word.
import type * as z from 'zod';
import type { AnyKind } from './kind.js';
import * as messages from './messages.js';
import { inputPort, type Flat, type Inputs, type Many, type Optional, type Outputs } from './ports.js';
import { defineStage, type Nothing, type Stage, type StageSpec } from './stage.js';
import type { Needs } from './token.js';

/** A player's own ports: a wider kind than the role's (it asks for less), or one more that is optional. */
type Fits<Own, In> = {
  readonly [Port in keyof Own]: Port extends keyof In
    ? In[Port] extends Own[Port]
      ? Own[Port]
      : `the role gives less to '${Port & string}'`
    : Own[Port] extends Optional<AnyKind | Many<AnyKind>>
      ? Own[Port]
      : `'${Port & string}' must be optional`;
};
type Played<In, Own> = Flat<Omit<In, keyof Own> & Own>;

const widens = (given: Inputs[string] | undefined, own: Inputs[string]): boolean => {
  const theirs = inputPort(own);
  if (given === undefined) return theirs.optional;
  const role = inputPort(given);
  return theirs.kind.name in role.kind.is && theirs.many === role.many && (theirs.optional || !role.optional);
};

/** `defineRole({ model: ChatModel }, { model: AlignedModel }).stage({...})`; a player that narrows a port is refused (`bad-name`). */
export const defineRole = <const In extends Inputs, const Out extends Outputs>(inputs: In, outputs: Out) => ({
  inputs,
  outputs,
  stage: <
    const Name extends string,
    Options extends z.ZodObject,
    View extends z.ZodObject = Nothing,
    const N extends Needs = {},
    const Own extends Inputs = {},
  >(
    spec: StageSpec<Name, Played<In, Own>, Out, Options, View, N> & { readonly ports?: Own & Fits<Own, In> },
  ): Stage<Name, Played<In, Own>, Out, Options, View> => {
    const { ports, ...rest } = spec;
    for (const [port, own] of Object.entries(ports ?? {}) as [string, Inputs[string]][])
      if (!widens(inputs[port], own)) throw messages.roleNarrowed(spec.name, port);
    return defineStage({ ...rest, inputs: { ...inputs, ...ports } as unknown as Played<In, Own>, outputs });
  },
});
