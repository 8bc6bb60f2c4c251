// Opens a stored model for training: full, partial or with an adapter, by one mechanism, a set of parameters that learn.
import { IngotError } from '@ingot/core';
import * as z from 'zod';
import { loadParameters, type FamilyValue, type ModelValue, type ParameterSpec } from '@ingot/contracts';
import { ParameterTree, type Device } from '@ingot/tensor';
import { initialise } from '../initialise.js';
import { adapterPolicy } from './adapter-policy.js';
import type { Policy } from './policy.js';
import { trainableSchema, type TrainableOptions } from './trainable-options.js';
import { weightsPolicy } from './weights-policy.js';

/** What `openPolicy` needs. */
export interface PolicyRequest {
  readonly device: Device;
  readonly family: FamilyValue;
  readonly model: ModelValue;
  readonly trains: TrainableOptions;
  /** Of the adapter's and the extra parameters' first numbers, and of the adapter's dropout. */
  readonly seed: number;
  /** Parameters beside the family's, such as a reward head: read from the model when it has them, else initialised. They learn, and come out in the result. */
  readonly extra?: readonly ParameterSpec[];
}

/** What an opened model consists of. */
export interface OpenedModel extends PolicyRequest {
  readonly base: ParameterTree;
  readonly added: ParameterTree;
}

/**
 * Loads the model and decides what learns. The caller disposes of the policy.
 * @throws IngotError `bad-options` for a pattern that matches nothing, options that exclude each other, or a layer that no adapter fits;
 * what `loadParameters` throws when the model is not of this family.
 */
export async function openPolicy(request: PolicyRequest): Promise<Policy> {
  const { device, family, model, seed, extra = [] } = request;
  const trains = readOptions(request.trains);
  const names = new Set(extra.map(({ name }) => name));
  const tensors = Object.fromEntries(Object.entries(model.tensors).filter(([name]) => !names.has(name)));
  const base = await loadParameters(device, family, {
    ...model,
    tensors,
    read: (name, part) => model.read(name, part),
  });
  const added = ParameterTree.create(device, extra);
  try {
    for (const spec of extra) await fill(spec, added, model, seed);
    const opened = { ...request, base, added };
    return trains.adapter ? adapterPolicy(opened, trains.adapter) : weightsPolicy(opened, trains);
  } catch (error) {
    base.dispose();
    added.dispose();
    throw error;
  }
}

function readOptions(given: TrainableOptions) {
  const read = trainableSchema.safeParse(given);
  if (!read.success)
    throw new IngotError('bad-options', `What is to learn cannot be read:\n${z.prettifyError(read.error)}`);
  const { adapter, freeze, only } = read.data;
  if (freeze && only)
    throw new IngotError(
      'bad-options',
      `'freeze' and 'only' exclude each other: one names what stays, the other what learns. Give one of them.`,
    );
  if (adapter && (freeze ?? only))
    throw new IngotError(
      'bad-options',
      `With an adapter the whole model stays, so '${freeze ? 'freeze' : 'only'}' means nothing. 'adapter.targets' names the layers that are adapted, 'adapter.modulesToSave' modules that learn whole.`,
    );
  return read.data;
}

async function fill(spec: ParameterSpec, tree: ParameterTree, model: ModelValue, seed: number): Promise<void> {
  const parameter = tree.get(spec.name);
  const held = Object.hasOwn(model.tensors, spec.name) ? model.tensors[spec.name] : undefined;
  if (held === undefined) return initialise(spec, parameter, seed);
  if (held.shape.join() !== spec.shape.join())
    throw new IngotError(
      'bad-value',
      `The model's tensor '${spec.name}' is (${held.shape.join(', ')}), wanted (${spec.shape.join(', ')}). Was it made for another width?`,
    );
  parameter.load(await model.read(spec.name));
}
