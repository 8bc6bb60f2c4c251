// Byte-level BPE learnt from a text by us, once, in a process of its own: pieces counted and merges learnt, with cold code.
// Usage: node tokenizer-train.mjs <merges> <text file>     prints one JSON object
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { PieceCounts, trainBpe } from '../../packages/text/dist/index.js';

const [wanted, file] = process.argv.slice(2);
const text = readFileSync(file, 'utf8');
const began = performance.now();
const pieces = new PieceCounts('gpt2');
pieces.add(text);
const { merges } = trainBpe(pieces.counts, {
  vocabSize: Number(wanted) + 257,
  special: ['<|endoftext|>'],
  minFrequency: 0,
});
const seconds = (performance.now() - began) / 1000;
console.log(
  JSON.stringify({
    peer: 'ingot',
    seconds,
    merges: merges.length,
    digest: createHash('sha256')
      .update(merges.map((merge) => merge.join(' ')).join('\n'))
      .digest('hex'),
    peakBytes: process.resourceUsage().maxRSS * 1024,
  }),
);
