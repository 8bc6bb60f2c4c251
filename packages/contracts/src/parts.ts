// Part roles of the training and decoding world: what plugins of one kind give, and what a stage may choose.
import { definePart } from '@ingot/core';
import type { Device as TensorDevice, ParameterTree, Tensor } from '@ingot/tensor';
import type { EvaluatedModel } from './evaluator.js';
import type { ModelValue, PromptValue, TextValue } from './values.js';

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

/** Log-probabilities of completions under the policy and, where a method has one, under the reference; N rows. */
export interface Completions {
  /** Σ log π over the tokens of the completion, (N). */
  readonly policy: Tensor;
  /** The same under the reference, (N); losses without a reference ignore it. No gradient flows into it. */
  readonly reference?: Tensor;
  /** Scored tokens of each completion, N numbers. */
  readonly lengths: ArrayLike<number>;
  /** The part of `policy` and of `reference` beyond the first min(chosen, rejected) tokens, (N): for length-desensitised losses. */
  readonly tail?: { readonly policy: Tensor; readonly reference?: Tensor };
  /** What a supervised term is taken over when that is not the completion as it stands above: its Σ log π (N) and its lengths. */
  readonly supervised?: { readonly policy: Tensor; readonly lengths: ArrayLike<number> };
}
/** Completions that somebody liked and disliked; not in pairs, and a side may be missing. */
export interface LabelledBatch {
  readonly chosen?: Completions;
  readonly rejected?: Completions;
  /** Completions scored after other prompts than their own, for KTO's estimate of the KL. */
  readonly mismatched?: Completions;
}
/** Pairs: row i of `chosen` and row i of `rejected` answer the same prompt, (B) each. */
export interface PreferenceBatch extends LabelledBatch {
  readonly chosen: Completions;
  readonly rejected: Completions;
  /** How much each pair counts, (B): an expectation over all pairs. 1 unless said. */
  readonly weights?: Float32Array;
}
/** Accumulates exactly over micro-batches: mean = Σ sum / Σ weight, and so do the stats, each a sum over rows. */
export interface LossParts {
  readonly sum: Tensor;
  readonly weight: number;
  readonly stats: Readonly<Record<string, number>>;
}
/** What a loss must know of the whole batch: a number holds for all of it, an array has one number a row. */
export type BatchStatistics = Readonly<Record<string, number | Float32Array>>;
/** `beta` is this step's, where a schedule moves it; the loss's own unless said. */
export type PreferenceLossFunction = (batch: PreferenceBatch, statistics?: BatchStatistics, beta?: number) => LossParts;
/** A loss at work, its options chosen. */
export interface PreferenceLossValue {
  /** Whether it reads the reference's log-probabilities. */
  readonly reference: boolean;
  /** Its β; none where it has no such option. */
  readonly beta?: number;
  /** What it learns from: pairs, unless it is said to take completions each liked or disliked. */
  readonly feedback?: 'pairs' | 'labels';
  /** Of one micro-batch; without statistics it takes the micro-batch for the whole batch. */
  readonly loss: PreferenceLossFunction;
  /** The pre-pass, where the loss is no plain sum over rows: sees the whole batch, and its own result of the step before. */
  readonly statistics?: (whole: PreferenceBatch, previous?: BatchStatistics, beta?: number) => BatchStatistics;
}
export const PreferenceLoss = definePart<PreferenceLossValue>()('preference-loss');

/** What a reward or a judge looks at. */
export interface Answer {
  readonly prompt: PromptValue;
  readonly text: string;
  /** What a right answer says, where the prompt's row knows it (`referencesOf`): for rewards that can be verified. */
  readonly references?: readonly string[];
}
/** A reward that looks at one completion at a time and needs nothing beside it. */
export type RewardFunction = (completion: Answer) => number | Promise<number>;
/** What the stage around a reward gives it. */
export interface RewardContext {
  /** The stage's port `reward`, for parts that score with a trained model. */
  readonly model?: ModelValue;
  readonly signal?: AbortSignal;
}
/** A reward at work: a batch at a time, in the order of the answers; opened once, disposed of at the end. */
export interface RewardAtWork {
  score(answers: readonly Answer[]): Promise<readonly number[]>;
  dispose(): void;
}
/** A plain function, or one that opens something first (a model, an endpoint). `openReward` makes one of both. */
export type RewardValue = RewardFunction | { open(context: RewardContext): Promise<RewardAtWork> };
export const Reward = definePart<RewardValue>()('reward');

/** Which of two answers to one prompt is better. */
export interface JudgeQuestion {
  readonly prompt: PromptValue;
  readonly first: string;
  readonly second: string;
}
/** The probability that the first is better: 1 surely, 0.5 a tie, 0 surely not. Callers ask twice with the positions swapped (`judgeSwapped`). */
export type JudgeFunction = (question: JudgeQuestion, signal?: AbortSignal) => number | Promise<number>;
/** What the stage around a judge gives it. */
export interface JudgeContext {
  /** The stage's port `judge`, for judges that ask a model of ours. */
  readonly model?: ModelValue;
  /** The stage's port `reward`, for judges that compare by a trained reward. */
  readonly reward?: ModelValue;
  readonly signal?: AbortSignal;
}
/** A judge at work: opened once, disposed of at the end. */
export interface JudgeAtWork {
  readonly ask: JudgeFunction;
  dispose(): void;
}
/** A plain function, or one that opens something first (a model, an endpoint). `openJudge` makes one of both. */
export type JudgeValue = JudgeFunction | { open(context: JudgeContext): Promise<JudgeAtWork> };
export const Judge = definePart<JudgeValue>()('judge');

/** One measure of a task, item by item, so that two models can be compared in pairs: value = Σ value·weight / Σ weight. */
export interface Measure {
  readonly name: string;
  readonly better: 'higher' | 'lower';
  readonly items: readonly { readonly value: number; readonly weight: number }[];
  /** How the mean is shown: perplexity is the exponential of mean nats. */
  readonly shown?: 'mean' | 'exp';
}
/** What the stage around a task gives it. */
export interface TaskContext {
  /** The stage's port `text`, for tasks that were given no text of their own. */
  readonly text?: TextValue;
}
/** What a model is measured on. Items come in the same order for every model. */
export interface TaskValue {
  readonly name: string;
  run(model: EvaluatedModel, signal?: AbortSignal, context?: TaskContext): Promise<readonly Measure[]>;
}
export const Task = definePart<TaskValue>()('task');
