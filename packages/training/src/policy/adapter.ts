// An adapter on a device: its parameters by layer, fresh (the identity) or from an artifact.
import type { AdapterConfig, AdapterValue } from '@ingot/contracts';
import { IngotError } from '@ingot/core';
import { ParameterTree, uniform, type Device, type Parameter } from '@ingot/tensor';
import { namedKey } from '../initialise.js';
import { adapterShapes, moduleOf, scaleOf, type AdaptedModel } from './adapter-plan.js';
import { rowNorms, type LowRank } from './low-rank.js';

/** An adapter at work; whoever made it disposes of it. */
export interface Adapter {
  readonly name: string;
  readonly config: AdapterConfig;
  /** By linear layer. */
  readonly layers: ReadonlyMap<string, LowRank>;
  /** The saved modules' parameters, by the model's own names. */
  readonly saved: ReadonlyMap<string, Parameter>;
  /** Everything that learns: `adapter.<name>.<layer>.A`, `.B`, `.magnitude`, and `adapter.<name>.<parameter>` of the saved modules. */
  readonly parameters: ParameterTree;
  dispose(): void;
}

/** What both ways of making one need; `base` holds the model's weights. */
export interface AdapterPlace {
  readonly device: Device;
  readonly model: AdaptedModel;
  readonly base: ParameterTree;
  readonly name: string;
  /** Of fresh numbers and of dropout. */
  readonly seed: number;
}

function allocate({ device, model, name, seed }: AdapterPlace, config: AdapterConfig): Adapter {
  const shapes = adapterShapes(model, config);
  const prefix = `adapter.${name}.`;
  const parameters = ParameterTree.create(
    device,
    shapes.map((spec) => ({ name: prefix + spec.name, shape: spec.shape })),
  );
  const own = (rest: string): Parameter => parameters.get(prefix + rest);
  const layers = new Map(
    Object.entries(config.layers).map(([layer, numbers]): [string, LowRank] => [
      layer,
      {
        a: own(`${layer}.A`),
        b: own(`${layer}.B`),
        magnitude: config.dora ? own(`${layer}.magnitude`) : undefined,
        scale: scaleOf(numbers, config.rslora),
        dropout: { rate: config.dropout, key: namedKey(seed, `dropout/${prefix}${layer}`) },
        norms: undefined,
      },
    ]),
  );
  const saved = new Map(
    model.specs
      .filter((spec) => config.saved.includes(moduleOf(spec.name)))
      .map((spec) => [spec.name, own(spec.name)] as const),
  );
  const dispose = () => {
    for (const layer of layers.values()) {
      layer.norms?.value.dispose();
      layer.norms = undefined;
    }
    parameters.dispose();
  };
  return { name, config, layers, saved, parameters, dispose };
}

/**
 * The identity: B = 0, the magnitude is the weights' own, saved modules are copies. A is uniform in ±1/√in, PyTorch's kaiming_uniform(a = √5),
 * by (seed, name). Throws `bad-value` for layers that the model has not.
 */
export function freshAdapter(place: AdapterPlace, config: AdapterConfig): Adapter {
  const made = allocate(place, config);
  for (const [layer, { a }] of made.layers) {
    const bound = 1 / Math.sqrt(a.shape[1]!);
    a.load(
      uniform(a.size, namedKey(place.seed, `initial/adapter.${made.name}.${layer}.A`)).map((u) => (2 * u - 1) * bound),
    );
  }
  for (const [name, parameter] of made.saved) copy(place.base.get(name), parameter);
  for (const [name, layer] of made.layers)
    if (layer.magnitude) copy(rowNorms(place.base.get(`${name}.weight`), layer), layer.magnitude);
  return made;
}

function copy(from: Pick<Parameter, 'storage' | 'size' | 'device'>, to: Parameter): void {
  to.device.copy(from.storage, 0, to.storage, 0, from.size);
  to.changed();
}

/** An adapter from an artifact. Throws `bad-value` when it is of another family, of a model of other shapes, or lacks a tensor. */
export async function loadedAdapter(
  place: AdapterPlace & { readonly family: string },
  value: AdapterValue,
): Promise<Adapter> {
  const { name, model, family } = place;
  if (value.family !== family)
    throw new IngotError(
      'bad-value',
      `The adapter '${name}' belongs to a model of family '${value.family}', and this one is of family '${family}'. An adapter fits the model that it was trained on alone.`,
    );
  for (const { name: tensor, shape } of adapterShapes(model, value.config)) {
    const got = Object.hasOwn(value.tensors, tensor) ? value.tensors[tensor]?.shape : undefined;
    if (got?.join() !== shape.join())
      throw new IngotError(
        'bad-value',
        `The adapter '${name}': tensor '${tensor}' is ${got ? `(${got.join(', ')})` : 'missing'}, this model wants (${shape.join(', ')}). An adapter fits the model that it was trained on alone.`,
      );
  }
  const made = allocate(place, value.config);
  try {
    const prefix = `adapter.${name}.`.length;
    for (const parameter of made.parameters.values()) parameter.load(await value.read(parameter.name.slice(prefix)));
    return made;
  } catch (error) {
    made.dispose();
    throw error;
  }
}

/** An adapter as an artifact, copied to the host. Reading an unknown name throws `unknown-name`. */
export function adapterValue(family: string, { name, config, parameters }: Adapter): AdapterValue {
  const prefix = `adapter.${name}.`.length;
  const held = new Map(parameters.values().map((one) => [one.name.slice(prefix), one.read() as Float32Array]));
  return {
    family,
    config,
    tensors: Object.fromEntries(
      parameters.values().map((one) => [one.name.slice(prefix), { shape: [...one.shape], dtype: 'f32' as const }]),
    ),
    read: async (tensor) => {
      const found = held.get(tensor);
      if (!found) throw new IngotError('unknown-name', `The adapter '${name}' has no tensor '${tensor}'.`);
      return found;
    },
  };
}
