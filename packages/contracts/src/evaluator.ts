// The three verbs of evaluation, as in EleutherAI's lm-evaluation-harness: log-likelihood, rolling log-likelihood, generate-until.
import type { LiveModel } from './live-model.js';
import type { ModelValue } from './values.js';

/** A continuation to be scored after a context. */
export interface LikelihoodRequest {
  readonly context: string;
  readonly continuation: string;
}
export interface Likelihood {
  /** Σ log p of the continuation's tokens, in nats. */
  readonly logProbability: number;
  /** Tokens of the continuation. */
  readonly tokens: number;
  /** Whether greedy decoding would have written the continuation. */
  readonly greedy: boolean;
}
export interface RollingLikelihood {
  /** Σ log p of all tokens of the text, in nats; the first is conditioned on the end-of-text token where there is one, else it is unscored. */
  readonly logProbability: number;
  /** Tokens that were scored. */
  readonly tokens: number;
  /** UTF-8 bytes of the text, for bits per byte. */
  readonly bytes: number;
  /** What a uniform draw of the first token would cost in nats where nothing stands before it and it is unscored; measures charge it, so that nothing is free. */
  readonly start?: number;
  /** The same sum in pieces of 1,024 bytes (the last is shorter), each token with the block in which it begins: equal blocks for every tokenizer, so that models can be compared in pairs on one long text. */
  readonly blocks?: readonly { readonly logProbability: number; readonly bytes: number }[];
}
export interface GenerateRequest {
  readonly prompt: string;
  /** Generation ends before the first of these. */
  readonly until: readonly string[];
  /** At most so many new tokens. */
  readonly tokens: number;
}

/** A model opened for evaluation. Answers come in the order of the requests. */
export interface EvaluatedModel {
  logLikelihood(requests: readonly LikelihoodRequest[], signal?: AbortSignal): Promise<readonly Likelihood[]>;
  rollingLogLikelihood(texts: readonly string[], signal?: AbortSignal): Promise<readonly RollingLikelihood[]>;
  /** Greedy continuations, without the stop strings. */
  generateUntil(requests: readonly GenerateRequest[], signal?: AbortSignal): Promise<readonly string[]>;
  /** Frees the model's memory. */
  dispose(): void;
}

/** How long texts are scored, and how much one call of the model takes. */
export interface EvaluationOptions {
  /** Tokens between the windows of a text that is longer than the context; half of the context unless said. */
  readonly stride?: number;
  /** Rows of activations of one call, 2,048 unless said: changes speed and memory, on a row-invariant device never a result. */
  readonly rows?: number;
}

export interface EvaluatorService {
  /** Loads a model; the caller disposes of it. */
  open(model: ModelValue, options?: EvaluationOptions): Promise<EvaluatedModel>;
  /** The same over weights that are already on a device, such as those of a training under way: nothing is copied, disposing frees nothing of theirs. */
  of(model: LiveModel, options?: EvaluationOptions): EvaluatedModel;
}
