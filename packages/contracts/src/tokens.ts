// Services of the language-model world, behind typed tokens.
import { token, type Token } from '@ingot/core';
import type { Device as TensorDevice } from '@ingot/tensor';
import type { EvaluatorService } from './evaluator.js';

/** Where numbers live and how they are computed; bound by the plugin `device(name)`. Its fingerprint is its precision class. */
export type Device = TensorDevice;
export const Device: Token<TensorDevice> = token<TensorDevice>('@ingot/contracts', 'device');

/** Scores and continues text with a model. */
export type Evaluator = EvaluatorService;
export const Evaluator: Token<EvaluatorService> = token<EvaluatorService>('@ingot/contracts', 'evaluator');

/** The time, so that tests can hold it still. */
export interface Clock {
  /** Milliseconds since some fixed moment; never goes back. */
  now(): number;
}
export const Clock: Token<Clock> = token<Clock>('@ingot/contracts', 'clock');
