// Sources, cleaning, deduplication, tokenizer training, packing, examples and feedback: the plugin, its stages, and the functions behind them.
export {
  drawProblems,
  OPERATIONS,
  problemsThereAre,
  type Operation,
  type Problem,
  type ProblemHow,
} from './arithmetic.js';
export { arithmetic } from './arithmetic-stage.js';
export { clean, cleaner, type CleanOptions } from './clean.js';
export { contamination, contaminationStage, type Contamination, type Overlap } from './contamination.js';
export { deduplicate, deduplicateExamples, withoutCopies } from './deduplicate.js';
export { listOf, loadRows, rowsOf, type LoadedRows, type RowSource } from './feedback/load-rows.js';
export { askedIn, isHeldOut, keyOf, promptKey } from './feedback/prompt-key.js';
export { examples, labels, preferences, prompts } from './feedback/row-stages.js';
export { splitExamples, splitFeedback } from './feedback/split-stages.js';
export { toAnswered, toExamples, toLabels, toPairs, toPrompts, type Target } from './feedback/targets.js';
export { bandsFor, jaccard, signatureOf, withoutNearCopies, type MinHashOptions } from './minhash.js';
export { readNanoGptBin, writeNanoGptBin } from './nanogpt-bin.js';
export { nanogptTokens, writeNanogpt } from './nanogpt-stages.js';
export { cutOpening, type Opening, type OpeningOptions } from './openings.js';
export { openings } from './openings-stage.js';
export { pack, split } from './pack.js';
export { data, data as default } from './plugin.js';
export { readDocuments, type DocumentSource, type DocumentUnit } from './read-documents.js';
export { readRows, ROW_FILES } from './rows/read-rows.js';
export type { SourceRow } from './rows/row.js';
export { detectShape } from './shapes/detect.js';
export { SHAPE_NAMES, SHAPES, type ShapeName } from './shapes/table.js';
export type { Shape, ShapedRow } from './shapes/shape.js';
export { splitDocuments, type Cut, type TextSplit } from './split-documents.js';
export { text } from './text-stage.js';
export { documentsOf, textOf } from './text-value.js';
export { joinIds, streamOf } from './token-stream.js';
export { tokenizer } from './tokenizer-file.js';
export { bpe, byte, char } from './tokenizer-stages.js';
