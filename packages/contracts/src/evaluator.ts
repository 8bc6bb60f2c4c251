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

export interface EvaluatorService {
  /** Loads a model; the caller disposes of it. */
  open(model: ModelValue): Promise<EvaluatedModel>;
  /** The same over weights that are already on a device, such as those of a training under way: nothing is copied, disposing frees nothing of theirs. */
  of(model: LiveModel): EvaluatedModel;
}
