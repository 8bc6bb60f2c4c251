// A model artifact from parameters in memory; the stage's codec reads one tensor at a time.
import { IngotError, suggest } from '@ingot/core';
import type { ParameterTree } from '@ingot/tensor';
import type { DesignValue, ModelValue, TensorInfo, TensorPart } from '@ingot/contracts';

/** A model value over host arrays by name. `read` throws `unknown-name` for a name that it lacks. */
export function modelFrom(
  design: DesignValue,
  shapes: readonly { readonly name: string; readonly shape: readonly number[] }[],
  content: (name: string, part?: TensorPart) => Float32Array | Promise<Float32Array>,
): ModelValue {
  const tensors: Record<string, TensorInfo> = {};
  for (const { name, shape } of shapes) tensors[name] = { shape, dtype: 'f32' };
  return {
    design,
    tensors,
    read: async (name, part) => {
      if (!(name in tensors))
        throw new IngotError(
          'unknown-name',
          `The model has no tensor '${name}'.${suggest(name, Object.keys(tensors))}`,
        );
      return content(name, part);
    },
  };
}

/** Copies every parameter to the host: valid after the tree is disposed of. (`modelOf` of contracts reads a live tree.) */
export function modelOfCopy(design: DesignValue, parameters: ParameterTree): ModelValue {
  const held = new Map(parameters.values().map((parameter) => [parameter.name, parameter.read() as Float32Array]));
  return modelFrom(design, parameters.values(), (name) => held.get(name)!);
}
