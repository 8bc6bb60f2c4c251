// The plugin `data`: sources, cleaning, tokenizers, packing, examples and feedback as stages.
import { definePlugin } from '@ingot/core';
import { arithmetic } from './arithmetic-stage.js';
import { clean } from './clean.js';
import { contaminationStage } from './contamination.js';
import { deduplicate, deduplicateExamples } from './deduplicate.js';
import { examples, labels, preferences, prompts } from './feedback/row-stages.js';
import { splitExamples, splitFeedback } from './feedback/split-stages.js';
import { nanogptTokens, writeNanogpt } from './nanogpt-stages.js';
import { openings } from './openings-stage.js';
import { pack, split } from './pack.js';
import { text } from './text-stage.js';
import { tokenizer } from './tokenizer-file.js';
import { bpe, byte, char } from './tokenizer-stages.js';

/** What is done to text. */
const textStages = [clean, deduplicate, split, openings, contaminationStage] as const;
/** Tokenizers, and text as token ids. */
const tokenizerStages = [bpe, byte, char, tokenizer, pack, nanogptTokens, writeNanogpt] as const;
/** Rows with named columns: examples and feedback. */
const rowStages = [examples, preferences, labels, prompts, splitExamples, splitFeedback, deduplicateExamples] as const;

/**
 * Stages `text`, `arithmetic`, `clean`, `deduplicate`, `split`, `bpe`, `byte`, `char`, `tokenizer`, `pack`, `nanogpt-tokens`, `write-nanogpt`;
 * `examples`, `preferences`, `labels`, `prompts`, `openings`, `split-examples`, `split-feedback`, `deduplicate-examples`, `contamination`.
 */
export const data = definePlugin({
  name: '@ingot/data',
  version: '0.1.0',
  module: import.meta.url,
  stages: [text, arithmetic, ...textStages, ...tokenizerStages, ...rowStages],
});
export default data;
