// From a stored model to parameters on a device, and back.
import { IngotError, suggest } from '@ingot/core';
import { ParameterTree, type Device, type Parameter } from '@ingot/tensor';
import type { FamilyValue, ParameterSpec } from './family.js';
import { PART, partsOf } from './tensor-parts.js';
import type { DesignValue, ModelValue } from './values.js';

const list = (names: readonly string[]): string =>
  `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, axis) => size === b[axis]);

const checkFamily = (family: FamilyValue, { family: name, version }: DesignValue): void => {
  if (family.name !== name)
    throw new IngotError(
      'unknown-name',
      `The model is of family '${name}', but family '${family.name}' was given to load it. Install the plugin of '${name}'.`,
    );
  if (family.version !== version)
    throw new IngotError(
      'bad-value',
      `The model was made by version ${version} of family '${name}', installed is version ${family.version}. Install the plugin that made it.`,
    );
};

/** The model must have exactly the family's parameters; tensors of a head that others own (`reward.…`) may stand beside them. */
const checkTensors = (
  model: ModelValue,
  specs: readonly { readonly name: string; readonly shape: readonly number[] }[],
): void => {
  const where = `A model of family '${model.design.family}'`;
  const missing = specs.filter(({ name }) => !Object.hasOwn(model.tensors, name)).map(({ name }) => name);
  if (missing.length)
    throw new IngotError(
      'bad-value',
      `${where} lacks ${missing.length} of ${specs.length} tensors: ${list(missing)}. Was it stored for another design?`,
    );
  const wanted = new Set(specs.map(({ name }) => name));
  const extra = Object.keys(model.tensors).filter((name) => !wanted.has(name) && !name.startsWith('reward.'));
  if (extra.length)
    throw new IngotError(
      'bad-value',
      `${where} has ${extra.length} tensors that its design does not: ${list(extra)}. Was it stored for another design?`,
    );
  for (const { name, shape } of specs) {
    const got = model.tensors[name]?.shape ?? [];
    if (!sameShape(got, shape))
      throw new IngotError(
        'bad-value',
        `${where}: tensor '${name}' is (${got.join(', ')}), its design wants (${shape.join(', ')}).`,
      );
  }
};

/** What the family wants of this model. Throws `unknown-name` for another family, `bad-value` for another version, missing or extra tensors, other shapes. */
export const checkModel = (family: FamilyValue, model: ModelValue): readonly ParameterSpec[] => {
  checkFamily(family, model.design);
  const specs = family.parameters(model.design);
  checkTensors(model, specs);
  return specs;
};

/** Puts stored tensors into parameters, through one small array where the model can fill it. */
export const loadTensors = async (parameters: readonly Parameter[], model: ModelValue): Promise<void> => {
  const again = new Float32Array(PART);
  for (const parameter of parameters) {
    let at = 0;
    for await (const part of partsOf(model, parameter.name, again)) {
      parameter.load(part, at);
      at += part.length;
    }
    if (at !== parameter.size)
      throw new IngotError(
        'bad-value',
        `Tensor '${parameter.name}' of a stored model gave ${at} numbers, its shape wants ${parameter.size}. Is the file whole?`,
      );
  }
};

/**
 * Parameters of a stored model on a device, loaded one tensor at a time, and large ones in pieces: memory holds the parameters and a piece more. Packed tensors are unpacked.
 * The caller disposes of the tree. Throws `unknown-name` for another family, `bad-value` for another version, missing or extra tensors, other shapes.
 */
export const loadParameters = async (
  device: Device,
  family: FamilyValue,
  model: ModelValue,
): Promise<ParameterTree> => {
  const specs = checkModel(family, model);
  const tree = ParameterTree.create(device, specs);
  try {
    await loadTensors(tree.values(), model);
    return tree;
  } catch (error) {
    tree.dispose();
    throw error;
  }
};

/** A model value over live parameters: it reads what they hold at that moment, and only while the tree lives. Reading an unknown name throws `unknown-name`. */
export const modelOf = (design: DesignValue, tree: ParameterTree): ModelValue => ({
  design,
  tensors: Object.fromEntries(tree.values().map(({ name, shape }) => [name, { shape: [...shape], dtype: 'f32' }])),
  read: async (name) => {
    if (!tree.has(name))
      throw new IngotError('unknown-name', `The model has no tensor '${name}'.${suggest(name, tree.names())}`);
    return Float32Array.from(tree.get(name).read());
  },
});
