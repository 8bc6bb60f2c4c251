// The service `Evaluator`: a model opened for the three verbs, from the store or from a training under way.
import type { EvaluatedModel, EvaluationOptions, EvaluatorService, LiveModel } from '@ingot/contracts';
import { IngotError, type Installed } from '@ingot/core';
import { loadModel, pacer } from '@ingot/decoding';
import type { Device } from '@ingot/tensor';
import { loadTokenizer } from '@ingot/text';
import type { Encoder } from './encode-pair.js';
import { generateUntil } from './generate-until.js';
import { logLikelihood } from './log-likelihood.js';
import { rollingLogLikelihood } from './rolling.js';

/**
 * The verbs over a live model; the tokenizer is the design's unless another is given. `dispose` frees what the caller says, nothing unless said.
 * Throws `bad-options` for a stride beyond the context.
 */
export function evaluatedModel(
  model: LiveModel,
  options: EvaluationOptions & { readonly tokenizer?: Encoder; readonly dispose?: () => void } = {},
): EvaluatedModel {
  const { stride, rows, tokenizer = loadTokenizer(model.design.tokenizer) } = options;
  const { context } = model.design;
  if (stride !== undefined && !(Number.isInteger(stride) && stride >= 1 && stride <= context))
    throw new IngotError(
      'bad-options',
      `Evaluation, option 'stride': wanted at most ${context}, the model's context, and a whole number from 1, got ${stride}.`,
    );
  const scoring = (signal: AbortSignal | undefined) => {
    const pause = pacer();
    signal?.throwIfAborted();
    return {
      ...(rows === undefined ? {} : { rows }),
      ...(stride === undefined ? {} : { stride }),
      breathe: async () => {
        await pause();
        signal?.throwIfAborted();
      },
    };
  };
  return {
    logLikelihood: async (requests, signal) => logLikelihood(model, tokenizer, requests, scoring(signal)),
    rollingLogLikelihood: async (texts, signal) => rollingLogLikelihood(model, tokenizer, texts, scoring(signal)),
    generateUntil: async (requests, signal) => generateUntil(model, tokenizer, requests, signal),
    dispose: () => options.dispose?.(),
  };
}

/** The service over a device and what is installed. `open` throws what `loadModel` throws: `unknown-name`, `bad-value`. */
export const evaluatorService = (services: {
  readonly device: Device;
  readonly installed: Installed;
}): EvaluatorService => ({
  async open(stored, options = {}) {
    const model = await loadModel({ ...services, model: stored });
    try {
      return evaluatedModel(model, { ...options, dispose: () => model.dispose() });
    } catch (error) {
      model.dispose();
      throw error;
    }
  },
  of: (live, options = {}) => evaluatedModel(live, options),
});
