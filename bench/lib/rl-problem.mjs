// What online methods are measured on, written once for all peers: a GPT-2 model folder whose answers never end by themselves, and ragged prompts in the order in which every peer sees them.
// Usage: node rl-problem.mjs <shape> <prompts> <folder>     prints one JSON object
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gptDesign, gptFamily } from '../../packages/model-gpt/dist/index.js';
import { referenceDevice } from '../../packages/tensor/dist/index.js';
import { chatEncoder, encodePrompt } from '../../packages/text/dist/index.js';
import { initialParameters, modelOfCopy, rowOrder, writeModelFolder } from '../../packages/training/dist/index.js';
import { RL, TUNING, TUNING_CONTEXT, TUNING_SEED } from './cases.mjs';
import { tuningRows, tuningTokenizer } from './tuning-rows.mjs';

const [shape, count, folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const { layers, heads, width, vocabulary } = TUNING[shape];
const tokenizer = await tuningTokenizer(vocabulary);
const design = gptDesign({ layers, heads, width, context: TUNING_CONTEXT, dropout: 0 }, tokenizer);
const encoder = chatEncoder({ tokenizer });
const parameters = initialParameters(referenceDevice(), gptFamily.parameters(design), 1);

/** The end's logit is 64 below the others: answers are as long as asked, without a mask that somebody would have to pay for. */
const FAR = 8;
const change = (name, at, value) => {
  const numbers = parameters.get(name).read();
  numbers[at] = value;
  parameters.get(name).load(numbers);
};
change('norm.bias', 0, FAR);
change('wte.weight', encoder.endOfTurn * width, -FAR);
await writeModelFolder(join(folder, 'model'), modelOfCopy(design, parameters), gptFamily);

const { data, rows: given } = tuningRows();
const prompts = new Map();
for (const { prompt } of given) {
  if (prompts.size === Number(count)) break;
  const ids = Array.from(encodePrompt(encoder, prompt));
  // Nothing is cut, so that nobody's way of cutting counts.
  if (ids.length <= TUNING_CONTEXT - RL.tokens) prompts.set(prompt, ids);
}
if (prompts.size < Number(count))
  throw new Error(`wanted ${count} prompts of at most ${TUNING_CONTEXT - RL.tokens} tokens, found ${prompts.size}`);
const rows = [...prompts].map(([prompt, ids]) => ({ prompt, ids }));
writeFileSync(join(folder, 'prompts.jsonl'), rows.map(({ prompt }) => `${JSON.stringify({ prompt })}\n`).join(''));
const ordered = Array.from(rowOrder(rows.length, TUNING_SEED)(0, rows.length), (at) => rows[at]);
writeFileSync(join(folder, 'problem.json'), JSON.stringify({ prompts: ordered, end: encoder.endOfTurn, rl: RL }));
console.log(
  JSON.stringify({
    data,
    vocabulary: tokenizer.vocabSize,
    prompt: rows.reduce((sum, { ids }) => sum + ids.length, 0) / rows.length,
    answer: RL.tokens,
  }),
);
