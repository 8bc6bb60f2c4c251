// Part roles of the training and decoding world: what plugins of one kind give, and what a stage may choose.
import { definePart } from '@ingot/core';
import type { Device as TensorDevice, ParameterTree, Tensor } from '@ingot/tensor';

/** Changes a row of logits before the draw: temperature, top-k, top-p, penalties. Applied in order; −Infinity removes a token. */
export interface SamplerStep {
  /** Token ids so far, prompt first. */
  readonly history: readonly number[];
  /** Ids that the prompt had. */
  readonly promptLength: number;
}
export type SamplerFunction = (logits: Float32Array, step: SamplerStep) => Float32Array;
export const Sampler = definePart<SamplerFunction>()('sampler');

/** The learning rate's multiplier at a step counted from 0, of `steps` in all. */
export type ScheduleFunction = (step: number, steps: number) => number;
export const Schedule = definePart<ScheduleFunction>()('schedule');

/** An optimiser at work on one tree of parameters; its state is tensors by name, so that a checkpoint can hold it. */
export interface OptimiserAtWork {
  /** One update from the gradients in the tree, read as gradient · gradientScale; `factor` is the schedule's multiplier. */
  step(factor: number, gradientScale: number): void;
  readonly lr: number;
  readonly state: Readonly<Record<string, Tensor>>;
  /** Puts one state tensor back from a checkpoint. */
  load(name: string, data: Float32Array, shape: readonly number[]): void;
  /** Steps taken; set when a checkpoint is loaded. */
  steps: number;
  dispose(): void;
}
export interface OptimiserValue {
  start(parameters: ParameterTree): OptimiserAtWork;
}
export const Optimiser = definePart<OptimiserValue>()('optimiser');

/** A device that a package offers: whether it can run here and why not, then the device itself. */
export interface DeviceCandidateValue {
  readonly name: string;
  /** Higher is tried first by 'auto': a GPU 100, native 80, wasm 60, tensorflow 50, tfjs-wasm 40, tfjs-cpu 10, reference 0. */
  readonly preference: number;
  /** Undefined when it can run, else one line that says why not and what to install. */
  refusal(): Promise<string | undefined>;
  open(options: { readonly threads?: number }): Promise<TensorDevice>;
}
export const DeviceCandidate = definePart<DeviceCandidateValue>()('device');

/** −log σ-like losses over log-probability margins of pairs; the loops come with the alignment packages. */
export interface PreferenceMargins {
  /** log π(y)/π_ref(y) of the chosen and of the rejected completions, (B). */
  readonly chosen: Tensor;
  readonly rejected: Tensor;
}
/** Accumulates exactly over micro-batches: mean = Σ sum / Σ weight. */
export interface LossParts {
  readonly sum: Tensor;
  readonly weight: number;
  readonly stats: Readonly<Record<string, number>>;
}
export type PreferenceLossFunction = (margins: PreferenceMargins) => LossParts;
export const PreferenceLoss = definePart<PreferenceLossFunction>()('preference-loss');

export type RewardFunction = (completion: {
  readonly prompt: string;
  readonly text: string;
}) => number | Promise<number>;
export const Reward = definePart<RewardFunction>()('reward');
