// config.json names the tokenizer's own end of text: transformers would else take GPT-2's 50256, an id that a small vocabulary lacks.
import { expect, it } from 'vitest';
import { gptDesign, gptHuggingFace } from './index.js';

const design = (json: unknown) => gptDesign({ depth: 1 }, { json, vocabSize: 300, digest: 'none' });

it('writes the ids of <|endoftext|>, and null where the tokenizer has none', () => {
  const tokens = [
    { id: 0, content: '<|im_start|>' },
    { id: 7, content: '<|endoftext|>' },
  ];
  expect(gptHuggingFace.config(design({ added_tokens: tokens }))).toMatchObject({ bos_token_id: 7, eos_token_id: 7 });
  expect(gptHuggingFace.config(design({}))).toMatchObject({ bos_token_id: null, eos_token_id: null });
});
