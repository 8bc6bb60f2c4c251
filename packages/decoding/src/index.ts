// KV cache, ragged generation, log-probabilities and streaming, as functions.
export { cacheBytes } from './cache-bytes.js';
export { type Degeneration, degeneration, degenerationAdvice } from './degeneration.js';
export { drawNumber, drawToken } from './draw.js';
export { generate, generateAll, generateSync } from './generate.js';
export { loadModel, type LoadedModel } from './load-model.js';
export {
  logProbabilities,
  readerOf,
  type ScoredPiece,
  scoreTexts,
  type TokenReader,
  type WindowOptions,
} from './log-probabilities.js';
export { openModel, type OpenModel, type OpenModelOptions } from './open-model.js';
export type { GenerateOptions } from './options.js';
export { pacer } from './pacer.js';
export type { EndEvent, Ending, Generated, GenerationEvent, TokenEvent } from './sequence.js';
export { stopStrings, type StopStrings } from './stop-strings.js';
export { textStream, type TextStream, type TokenBytes } from './text-stream.js';
