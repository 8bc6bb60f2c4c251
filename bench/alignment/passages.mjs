// The stage `passages`: documents cut at sentence ends into pieces of about as many words as are asked for, so that a book gives thousands of openings.
import { documentsOf, textOf } from '@ingot/data';
import { Text } from '@ingot/contracts';
import { definePlugin, defineStage, table } from '@ingot/core';
import * as z from 'zod';

const SENTENCE = /[^.!?]+(?:[.!?]+["'”’)\]]*|$)/g;
const wordsIn = (text) => text.split(/\s+/).filter(Boolean).length;

/** Whole sentences of one paragraph, at least `words` words each piece; what is left over at its end is dropped. */
export const piecesOf = (paragraph, words) => {
  const pieces = [];
  let piece = '';
  for (const [sentence] of paragraph.replace(/\s+/g, ' ').matchAll(SENTENCE)) {
    piece = `${piece} ${sentence.trim()}`.trim();
    if (wordsIn(piece) < words) continue;
    pieces.push(piece);
    piece = '';
  }
  return pieces;
};

const passages = defineStage({
  name: 'passages',
  version: 1,
  inputs: { text: Text },
  outputs: { text: Text },
  options: z.strictObject({ words: z.int().positive().default(32).describe('The fewest words of a passage.') }),
  async *run({ inputs, options }) {
    const documents = await documentsOf(inputs.text);
    const cut = documents.flatMap((document) =>
      document.split(/\n\s*\n/).flatMap((paragraph) => piecesOf(paragraph, options.words)),
    );
    yield table('Passages', [{ documents: documents.length, passages: cut.length }]);
    return { text: textOf(cut) };
  },
});

export default definePlugin({ name: 'passages', module: import.meta.url, stages: [passages] });
