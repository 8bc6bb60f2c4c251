// The same work alone and all at once: `node together.mjs <native|wasm>` trains in this thread and in two workers, runs a
// pipeline in each of two ingots, and prints the bits of both as JSON: { alone, together }.
import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { device } from '@ingot/contracts';
import { createIngot, memoryStore } from '@ingot/core';
import { gpt } from '@ingot/model-gpt';
import { supervised } from '@ingot/supervised';
import { native } from '@ingot/tensor-native';
import { training } from '@ingot/training';
import { corpus } from '../../kills/corpus.mjs';
import { open, train } from './small-gpt.mjs';

const [name] = process.argv.slice(2);
const STEPS = 20;

const inWorker = (seed) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('worker.mjs', import.meta.url), {
      workerData: { device: name, threads: 2, seed, steps: STEPS },
    });
    worker.once('message', resolve).once('error', reject);
  });
const here = async (seed) => {
  const opened = await open(name);
  const digest = await train(opened, seed, STEPS);
  const { arrays } = opened.memory();
  opened.dispose();
  return arrays === 0 ? digest : `${arrays} arrays left`;
};
const inPipeline = async (width) => {
  const ingot = createIngot({ plugins: [training, gpt, supervised, native, device(name, { threads: 2 }), corpus] });
  const pipeline = ingot.pipeline(`width-${width}`, (g) => {
    const { tokens, tokenizer } = g.add('corpus', {});
    const { design } = g.add('gpt', { tokenizer }, { layers: 1, heads: 2, width, context: 16, dropout: 0.1 });
    return g.add('pretrain', { design, tokens }, { steps: STEPS, batch: 4 });
  });
  const { model } = await pipeline.run({ store: memoryStore() }).result();
  const bits = createHash('sha256');
  for (const tensor of Object.keys(model.tensors).sort())
    bits.update(new Uint8Array((await model.read(tensor)).buffer));
  await ingot.dispose();
  return bits.digest('hex');
};

const work = [() => here(1), () => inWorker(2), () => inWorker(3), () => inPipeline(32), () => inPipeline(48)];
const alone = [];
for (const one of work) alone.push(await one());
const together = await Promise.all(work.map((one) => one()));
console.log(JSON.stringify({ alone, together }));
