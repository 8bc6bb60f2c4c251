// A tree over parameters that stand already: the same parameters, by name.
import { expect, test } from 'vitest';
import {
  adamwStep,
  backward,
  globalNorm,
  mul,
  OptimiserState,
  ParameterTree,
  referenceDevice,
  scope,
  sum,
} from './index.js';

test('a view shares its parameters: a step moves them in the whole tree, and what is outside stays', () => {
  const device = referenceDevice();
  const whole = ParameterTree.create(device, [
    { name: 'a', shape: [2] },
    { name: 'b', shape: [3] },
  ]);
  const part = ParameterTree.of(device, [whole.get('b')]);
  expect(part.names()).toEqual(['b']);
  expect(part.get('b')).toBe(whole.get('b'));
  expect(part.bytes).toBe(12);
  for (const parameter of whole.values()) scope(() => backward(sum(mul(parameter, 2))));
  expect(globalNorm(part)).toBeCloseTo(Math.sqrt(12), 6);
  const state = new OptimiserState();
  adamwStep(part, state, { lr: 0.5 });
  expect([...whole.get('a').read()]).toEqual([0, 0]);
  expect(whole.get('b').read()[0]).toBeCloseTo(-0.5, 5);
  expect([...state.tensors.keys()]).toEqual(['b.first', 'b.second']);
  part.zeroGradients();
  expect(whole.get('b').gradient).toBeUndefined();
  state.dispose();
  whole.dispose();
  expect(device.memory().arrays).toBe(0);
});

test('two parameters of one name are refused', () => {
  const device = referenceDevice();
  const [one, two] = [1, 2].map(() => ParameterTree.create(device, [{ name: 'a', shape: [1] }]).get('a'));
  expect(() => ParameterTree.of(device, [one!, two!])).toThrow(/each name once/);
});
