// Sources, cleaning, deduplication, tokenizer training and packing: the plugin, its stages, and the functions behind them.
export { clean, cleaner, type CleanOptions } from './clean.js';
export { deduplicate, withoutCopies } from './deduplicate.js';
export { readNanoGptBin, writeNanoGptBin } from './nanogpt-bin.js';
export { nanogptTokens, writeNanogpt } from './nanogpt-stages.js';
export { pack, split } from './pack.js';
export { data, data as default } from './plugin.js';
export { readDocuments, type DocumentSource, type DocumentUnit } from './read-documents.js';
export { splitDocuments, type Cut, type TextSplit } from './split-documents.js';
export { text } from './text-stage.js';
export { documentsOf, textOf } from './text-value.js';
export { joinIds, streamOf } from './token-stream.js';
export { tokenizer } from './tokenizer-file.js';
export { bpe, byte, char } from './tokenizer-stages.js';
