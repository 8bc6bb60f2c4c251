// Hidden kernels are really hidden, and the memory is the same one.
import { expect, test, vi } from 'vitest';
import { gelu, referenceDevice, tensor, withoutKernels } from './index.js';

test('all kernels, or those named, are hidden', () => {
  const device = referenceDevice();
  const all = Object.keys(device.kernels);
  expect(all).toContain('attention');
  expect(withoutKernels(device).kernels).toEqual({});
  const some = withoutKernels(device, ['attention', 'adamw']);
  expect(Object.keys(some.kernels)).toEqual(all.filter((name) => name !== 'attention' && name !== 'adamw'));
  expect(some.kernels.attention).toBeUndefined();
  expect(some.kernels.linear).toBe(device.kernels.linear);
});

test('an op then runs on primitives of the same memory', () => {
  const device = referenceDevice();
  const bare = withoutKernels(device);
  const kernel = vi.spyOn(device.kernels, 'gelu');
  const erf = vi.spyOn(device, 'unary');
  gelu(tensor(bare, [1, 2], [2]), 'erf');
  expect(kernel).not.toHaveBeenCalled();
  expect(erf).toHaveBeenCalledWith('erf', expect.anything());
  expect(device.memory().arrays).toBe(2);
});
