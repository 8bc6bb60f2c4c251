// Sequences of their own lengths in shared rows: packing, padding, losses and log-probabilities.
export { layOut, layoutContext, type Layout } from './layout.js';
export {
  padTokens,
  sequenceLogProbabilities,
  type ScoredSequence,
  type SequenceLogProbabilities,
} from './log-probabilities.js';
export { packSequences, packTightly, rowsOf, type Packing, type Rows, type RowsHow, type Side } from './pack.js';
export { packedBatch, type PackedBatch, type WeightedSequence } from './packed-batch.js';
export { gatherRows, scoredHidden, tokenLosses, type RowsContext } from './token-losses.js';
export { weightedLoss, type LossHow, type SupervisedLoss } from './weighted-loss.js';
