// What tuning is measured on, written once for all peers: a GPT-2 model folder, and ragged prompts with a better and a worse completion, in the order in which every peer sees them.
// Usage: node tuning-problem.mjs <shape> <rows> <folder>     prints one JSON object
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gptDesign, gptFamily } from '../../packages/model-gpt/dist/index.js';
import { referenceDevice } from '../../packages/tensor/dist/index.js';
import { chatEncoder, encodeCompletion } from '../../packages/text/dist/index.js';
import { initialParameters, modelOfCopy, rowOrder, writeModelFolder } from '../../packages/training/dist/index.js';
import { TUNING, TUNING_CONTEXT, TUNING_SEED } from './cases.mjs';
import { tuningRows, tuningTokenizer } from './tuning-rows.mjs';

const [shape, count, folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const { layers, heads, width, vocabulary } = TUNING[shape];
const tokenizer = await tuningTokenizer(vocabulary);
const design = gptDesign({ layers, heads, width, context: TUNING_CONTEXT, dropout: 0 }, tokenizer);
const device = referenceDevice();
const parameters = initialParameters(device, gptFamily.parameters(design), 1);
await writeModelFolder(join(folder, 'model'), modelOfCopy(design, parameters), gptFamily);

const encoder = chatEncoder({ tokenizer });
const encode = (prompt, text) => encodeCompletion(encoder, prompt, text, { maxTokens: TUNING_CONTEXT });
const rows = [];
const { data, rows: given } = tuningRows();
for (const row of given) {
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
    data,
    vocabulary: tokenizer.vocabSize,
    prompt: mean(({ prompt }) => prompt.length),
    chosen: mean(({ chosen }) => chosen.length),
    rejected: mean(({ rejected }) => rejected.length),
  }),
);
