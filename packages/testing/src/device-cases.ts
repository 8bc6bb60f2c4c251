// What a case of the device contract suite is, and the arrays that cases are made of.
import { type Device, type KernelName, type Kernels, type Storage, tensor, type Tensor } from '@ingot/tensor';
import { type GradientInput, testNumbers } from './gradient-check.js';

/** A fused kernel on fixed inputs; a device that lacks the kernel skips it. */
export interface KernelCase {
  readonly kernel: KernelName;
  readonly name: string;
  run(device: Device, kernels: Kernels, keep: Keep): readonly Storage[];
}
/** A differentiable op on fixed inputs. */
export interface OpCase {
  readonly name: string;
  readonly inputs: readonly GradientInput[];
  run(device: Device, ...inputs: readonly Tensor[]): Tensor;
}

/** Takes note of an input, to be freed after the case. */
export type Keep = (x: Storage) => Storage;
/** An input of standard normal numbers. */
export const put = (device: Device, keep: Keep, length: number, seed: number): Storage =>
  keep(device.upload(testNumbers([length], seed)));
/** A target that is changed in place: not freed with the inputs, since it is compared. */
export const target = (device: Device, length: number, seed: number): Storage =>
  device.upload(testNumbers([length], seed));

/** A gradient input of this shape. */
export const of = (...shape: number[]): GradientInput => ({ shape });
/** An i32 tensor. */
export const ids = (device: Device, values: readonly number[], shape: readonly number[]): Tensor =>
  tensor(device, values, shape, 'i32');
