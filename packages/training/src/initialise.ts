// Initial parameters as a pure function of (seed, name): neither the order of parameters nor their number changes any of them.
import { normal, ParameterTree, philox4x32, type Device, type Parameter } from '@ingot/tensor';
import type { ParameterSpec } from '@ingot/contracts';

/** 32 bits of a name (FNV-1a, from a given offset basis). */
function hashOf(name: string, basis: number): number {
  let hash = basis >>> 0;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

/** Two words from the low and the high half of a whole number up to 2^53. */
export const seedWords = (seed: number): [number, number] => [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0];

/** A Philox key of its own for a seed and a name: two 32-bit hashes of the name, mixed by one block under the seed. */
export function namedKey(seed: number, name: string): [number, number] {
  const [first, second] = philox4x32([hashOf(name, 0x811c9dc5), hashOf(name, 0x9747b28c), 0, 0], seedWords(seed));
  return [first, second];
}

const fillers = {
  zeros: (parameter: Parameter) => new Float32Array(parameter.size),
  ones: (parameter: Parameter) => new Float32Array(parameter.size).fill(1),
} satisfies Record<Exclude<ParameterSpec['init']['kind'], 'normal'>, (parameter: Parameter) => Float32Array>;

/** The initial numbers of one parameter: element i of N(0, std) is number i of the parameter's own key. */
export function initialValues(spec: ParameterSpec, parameter: Parameter, seed: number): Float32Array {
  if (spec.init.kind !== 'normal') return fillers[spec.init.kind](parameter);
  const { std } = spec.init;
  return normal(parameter.size, namedKey(seed, `initial/${spec.name}`)).map((x) => x * std);
}

/** Allocates and initialises the parameters of a family's specs. */
export function initialParameters(device: Device, specs: readonly ParameterSpec[], seed: number): ParameterTree {
  const tree = ParameterTree.create(device, specs);
  for (const spec of specs) tree.get(spec.name).load(initialValues(spec, tree.get(spec.name), seed));
  return tree;
}
