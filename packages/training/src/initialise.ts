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

/** Numbers that are made at once: what waits for the garbage collector stays small beside the model. */
const PIECE = 1 << 18;

type Init = ParameterSpec['init'];
/** Numbers `at` … `at + length − 1` of an initialisation; `at` is a multiple of four. */
const makers = {
  zeros: (length) => new Float32Array(length),
  ones: (length) => new Float32Array(length).fill(1),
  normal(length, { std }, key, at) {
    const numbers = normal(length, key, at / 4);
    for (let i = 0; i < length; i++) numbers[i]! *= std;
    return numbers;
  },
} satisfies {
  readonly [K in Init['kind']]: (
    length: number,
    init: Extract<Init, { kind: K }>,
    key: [number, number],
    at: number,
  ) => Float32Array;
};

/** Sets one parameter to its initial numbers: element i of N(0, std) is number i of the parameter's own key. */
export function initialise(spec: ParameterSpec, parameter: Parameter, seed: number): void {
  const make = makers[spec.init.kind] as (...given: [number, Init, [number, number], number]) => Float32Array;
  const key = namedKey(seed, `initial/${spec.name}`);
  for (let at = 0; at < parameter.size; at += PIECE)
    parameter.load(make(Math.min(PIECE, parameter.size - at), spec.init, key, at), at);
}

/** Allocates and initialises the parameters of a family's specs. */
export function initialParameters(device: Device, specs: readonly ParameterSpec[], seed: number): ParameterTree {
  const tree = ParameterTree.create(device, specs);
  for (const spec of specs) initialise(spec, tree.get(spec.name), seed);
  return tree;
}
