// The plugin `data`: sources, cleaning, tokenizers and packing as stages.
import { definePlugin } from '@ingot/core';
import { clean } from './clean.js';
import { deduplicate } from './deduplicate.js';
import { nanogptTokens, writeNanogpt } from './nanogpt-stages.js';
import { pack, split } from './pack.js';
import { text } from './text-stage.js';
import { tokenizer } from './tokenizer-file.js';
import { bpe, byte, char } from './tokenizer-stages.js';

/** Stages `text`, `clean`, `deduplicate`, `split`, `bpe`, `byte`, `char`, `tokenizer`, `pack`, `nanogpt-tokens`, `write-nanogpt`. */
export const data = definePlugin({
  name: '@ingot/data',
  version: '0.1.0',
  module: import.meta.url,
  stages: [text, clean, deduplicate, split, bpe, byte, char, tokenizer, pack, nanogptTokens, writeNanogpt],
});
export default data;
