// Full and partial training: the model's own weights move, all of them or those that patterns name.
import { IngotError } from '@ingot/core';
import { ParameterTree, plainWeights } from '@ingot/tensor';
import { matchingAny } from './patterns.js';
import type { OpenedModel } from './open-policy.js';
import type { Policy } from './policy.js';
import { resultOf } from './result-of.js';

/** Which of the names learn. Parameters beside the family's learn unless they are frozen by name. */
function learning(
  { base, added }: OpenedModel,
  { freeze, only }: { readonly freeze?: readonly string[]; readonly only?: readonly string[] },
): (name: string) => boolean {
  const names = [...base.names(), ...added.names()];
  if (freeze) {
    const frozen = matchingAny(`'freeze'`, freeze, names);
    return (name) => !frozen.has(name);
  }
  if (only) {
    const chosen = matchingAny(`'only'`, only, names);
    return (name) => chosen.has(name) || added.has(name);
  }
  return () => true;
}

/** A policy over the weights themselves. Throws `bad-options` for a pattern that matches nothing, and when nothing would learn. */
export function weightsPolicy(
  opened: OpenedModel,
  which: { readonly freeze?: readonly string[]; readonly only?: readonly string[] },
): Policy {
  const { device, family, model, base, added } = opened;
  const { design } = model;
  const all = ParameterTree.of(device, [...base.values(), ...added.values()]);
  const learns = learning(opened, which);
  for (const parameter of all.values()) parameter.trainable = learns(parameter.name);
  const parameters = ParameterTree.of(
    device,
    all.values().filter(({ trainable }) => trainable),
  );
  if (parameters.values().length === 0)
    throw new IngotError('bad-options', `'freeze' leaves nothing to learn: it names every parameter of the model.`);
  const live = { device, family, design, weights: plainWeights(all) };
  return {
    live,
    still: live,
    parameters,
    counts: { trainable: parameters.bytes / 4, all: all.bytes / 4 },
    at: () => undefined,
    result: () => resultOf(model, all, new Map(parameters.values().map((one) => [one.name, one]))),
    adapter: () => undefined,
    dispose: () => all.dispose(),
  };
}
