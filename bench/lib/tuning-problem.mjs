// What tuning is measured on, written once for all peers: a GPT-2 model folder, and ragged prompts with a better and a worse completion, in the order in which every peer sees them.
// Usage: node tuning-problem.mjs <shape> <rows> <folder>     prints one JSON object
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { gptDesign, gptFamily } from '../../packages/model-gpt/dist/index.js';
import { referenceDevice } from '../../packages/tensor/dist/index.js';
import {
  byteLevelJson,
  chatEncoder,
  encodeCompletion,
  PieceCounts,
  tokenizerValue,
  trainBpe,
} from '../../packages/text/dist/index.js';
import { initialParameters, modelOfCopy, rowOrder, writeModelFolder } from '../../packages/training/dist/index.js';
import { root } from '../../scripts/lib/run.mjs';
import { book } from './book.mjs';
import { TUNING, TUNING_CONTEXT, TUNING_SEED } from './cases.mjs';
import { publishedTokenizer } from './published-tokenizer.mjs';

const END = '<|endoftext|>';
const feedback = join(root, '..', 'shared', 'data', 'preference', 'hh-rlhf-harmless-base-test.jsonl.gz');

/** hh-rlhf's dialogues: all up to the last answer is the prompt. */
const dialogues = () =>
  gunzipSync(readFileSync(feedback))
    .toString()
    .trim()
    .split('\n')
    .map((line) => {
      const { chosen, rejected } = JSON.parse(line);
      const cut = chosen.lastIndexOf('\n\nAssistant:') + '\n\nAssistant:'.length;
      return { prompt: chosen.slice(0, cut), chosen: chosen.slice(cut), rejected: rejected.slice(cut) };
    });

/** Where those do not lie: paragraphs of the book, with what follows as the better completion and another paragraph's beginning as the worse. */
const paragraphs = () => {
  const texts = book()
    .text.split(/\n\s*\n/u)
    .map((text) => text.replaceAll(/\s+/gu, ' ').trim())
    .filter((text) => text.length > 120);
  return texts.map((text, i) => {
    const words = text.split(' ').slice(0, 40 + ((i * 37) % 90));
    const asked = Math.ceil(words.length * (0.3 + 0.05 * (i % 8)));
    const other = texts[(i + 1) % texts.length].split(' ').slice(0, 8 + ((i * 53) % 50));
    return {
      prompt: words.slice(0, asked).join(' '),
      chosen: ` ${words.slice(asked).join(' ')}`,
      rejected: ` ${other.join(' ')}`,
    };
  });
};

const ownTokenizer = (vocabSize) => {
  const pieces = new PieceCounts('gpt2');
  pieces.add(book().text);
  const how = { vocabSize, pattern: 'gpt2', special: [END], minFrequency: 2 };
  const { tokens, merges } = trainBpe(pieces.counts, how);
  return byteLevelJson(tokens, merges, how.special, how.pattern);
};

const [shape, count, folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const { layers, heads, width, vocabulary } = TUNING[shape];
const tokenizer = tokenizerValue(vocabulary === 'r50k' ? await publishedTokenizer('r50k') : ownTokenizer(vocabulary));
const design = gptDesign({ layers, heads, width, context: TUNING_CONTEXT, dropout: 0 }, tokenizer);
const device = referenceDevice();
const parameters = initialParameters(device, gptFamily.parameters(design), 1);
await writeModelFolder(join(folder, 'model'), modelOfCopy(design, parameters), gptFamily);

const encoder = chatEncoder({ tokenizer });
const encode = (prompt, text) => encodeCompletion(encoder, prompt, text, { maxTokens: TUNING_CONTEXT });
const rows = [];
for (const row of existsSync(feedback) ? dialogues() : paragraphs()) {
  if (rows.length === Number(count)) break;
  if (row.chosen.trim() === '' || row.rejected.trim() === '' || row.chosen === row.rejected) continue;
  const [chosen, rejected] = [encode(row.prompt, row.chosen), encode(row.prompt, row.rejected)];
  // Nothing is cut, so that nobody's way of cutting counts.
  if (chosen.truncated || rejected.truncated) continue;
  const after = (one) => Array.from(one.ids.subarray(one.promptLength));
  rows.push({
    row,
    ids: {
      prompt: Array.from(chosen.ids.subarray(0, chosen.promptLength)),
      chosen: after(chosen),
      rejected: after(rejected),
    },
  });
}
if (rows.length < Number(count))
  throw new Error(`wanted ${count} rows of at most ${TUNING_CONTEXT} tokens, found ${rows.length}`);
const lines = (values) => `${values.map((value) => JSON.stringify(value)).join('\n')}\n`;
writeFileSync(join(folder, 'rows.jsonl'), lines(rows.map(({ row }) => row)));
writeFileSync(
  join(folder, 'examples.jsonl'),
  lines(rows.map(({ row }) => ({ prompt: row.prompt, completion: row.chosen }))),
);
const order = rowOrder(rows.length, TUNING_SEED)(0, rows.length);
writeFileSync(join(folder, 'ids.json'), JSON.stringify(order.map((at) => rows[at].ids)));
const mean = (of) => rows.reduce((sum, { ids }) => sum + of(ids), 0) / rows.length;
console.log(
  JSON.stringify({
    data: existsSync(feedback) ? 'hh-rlhf' : book().name,
    vocabulary: tokenizer.vocabSize,
    prompt: mean(({ prompt }) => prompt.length),
    chosen: mean(({ chosen }) => chosen.length),
    rejected: mean(({ rejected }) => rejected.length),
  }),
);
