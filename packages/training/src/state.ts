// The tensors of a checkpoint: parameters and the optimiser's state as one safetensors stream, and back to the same bits.
import { IngotError } from '@ingot/core';
import { openSafetensors, streamSafetensors, type TensorToWrite } from '@ingot/formats';
import type { ParameterTree, Tensor } from '@ingot/tensor';
import type { OptimiserAtWork } from '@ingot/contracts';

const parameterPrefix = 'parameter/';
const optimiserPrefix = 'optimiser/';

const entry = (tensor: Tensor): TensorToWrite => ({ shape: tensor.shape, data: () => tensor.read() as Float32Array });

/** Parameters and optimiser state, read one at a time while the stream is drained. Nothing may change them meanwhile. */
export function packState(parameters: ParameterTree, optimiser: OptimiserAtWork): AsyncIterable<Uint8Array> {
  const tensors = new Map<string, TensorToWrite>();
  for (const parameter of parameters.values()) tensors.set(parameterPrefix + parameter.name, entry(parameter));
  for (const [name, tensor] of Object.entries(optimiser.state)) tensors.set(optimiserPrefix + name, entry(tensor));
  return streamSafetensors(tensors);
}

/**
 * Puts a packed state back.
 * @throws IngotError `bad-value` when it belongs to another model: a parameter is missing.
 */
export async function unpackState(
  bytes: Uint8Array,
  parameters: ParameterTree,
  optimiser: OptimiserAtWork,
): Promise<void> {
  const file = await openSafetensors(bytes);
  for (const parameter of parameters.values()) {
    const name = parameterPrefix + parameter.name;
    if (!file.tensors.has(name))
      throw new IngotError(
        'bad-value',
        `The checkpoint holds no parameter '${parameter.name}': it was saved by another model. Remove it to start again.`,
      );
    parameter.load(await file.float32(name));
  }
  for (const [name, { shape }] of file.tensors) {
    if (name.startsWith(optimiserPrefix))
      optimiser.load(name.slice(optimiserPrefix.length), await file.float32(name), shape);
  }
}

/** Parameters alone, as host arrays by name: the copy that `keep: 'best'` holds. */
export const snapshot = (parameters: ParameterTree): Map<string, Float32Array> =>
  new Map(parameters.values().map((parameter) => [parameter.name, parameter.read() as Float32Array]));

/** A snapshot as a safetensors stream. */
export function packSnapshot(
  parameters: ParameterTree,
  held: ReadonlyMap<string, Float32Array>,
): AsyncIterable<Uint8Array> {
  return streamSafetensors(
    new Map(parameters.values().map(({ name, shape }) => [name, { shape, data: held.get(name)! }])),
  );
}
/** A snapshot back from its bytes. */
export async function unpackSnapshot(bytes: Uint8Array): Promise<Map<string, Float32Array>> {
  const file = await openSafetensors(bytes);
  const held = new Map<string, Float32Array>();
  for (const name of file.tensors.keys()) held.set(name, await file.float32(name));
  return held;
}
