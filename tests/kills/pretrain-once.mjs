// A child process of the kill tests: runs a tiny pretraining on a folder store from the built packages, and prints one line of digests at the end.
import { createHash } from 'node:crypto';
import { createIngot, definePlugin, defineStage, folderStore } from '@ingot/core';
import { Device, Tokenizer, Tokens } from '@ingot/contracts';
import { gpt } from '@ingot/model-gpt';
import { referenceDevice } from '@ingot/tensor';
import { charactersJson, END_OF_TEXT, loadTokenizer, tokenizerValue } from '@ingot/text';
import { training } from '@ingot/training';
import * as z from 'zod';
import { supervised } from '@ingot/supervised';

const sentence = 'the whale swims on, and the sea is wide; ';
const tokenizer = tokenizerValue(charactersJson([...new Set(sentence)].sort(), [END_OF_TEXT]));
const streamOf = (text) => {
  const ids = loadTokenizer(tokenizer).encode(text);
  return {
    tokens: ids.length,
    bytes: text.length,
    documents: 1,
    read: (start, count) => ids.slice(start, start + count),
  };
};
const corpus = defineStage({
  name: 'corpus',
  version: 1,
  inputs: {},
  outputs: { tokens: Tokens, tokenizer: Tokenizer },
  options: z.strictObject({}),
  async *run() {
    return {
      tokenizer,
      tokens: {
        vocabSize: tokenizer.vocabSize,
        tokenizer: tokenizer.digest,
        splits: { train: streamOf(sentence.repeat(20)), validation: streamOf(sentence) },
      },
    };
  },
});
const ingot = createIngot({
  plugins: [training, gpt, supervised, definePlugin({ name: 'kill-corpus', stages: [corpus] })],
  services: (bind) => bind.value(Device, referenceDevice(), { fingerprint: 'fp32' }),
});
const pipeline = ingot.pipeline('killed', (g) => {
  const { tokens, tokenizer: made } = g.add('corpus', {});
  const { design } = g.add('gpt', { tokenizer: made }, { layers: 1, heads: 2, width: 32, context: 16, dropout: 0.1 });
  const { model } = g.add(
    'pretrain',
    { design, tokens },
    {
      steps: 60,
      batch: 4,
      keep: 'best',
      evalEvery: 7,
      evalWindows: 2,
      checkpointEvery: 4,
      sampleEvery: 11,
      sampleTokens: 4,
    },
  );
  return { model };
});

const timings = ['tokensPerSecond', 'flopsUtilisation', 'millisecondsPerStep', 'etaSeconds'];
const log = createHash('sha256');
const run = pipeline.run({ store: folderStore(process.argv[2]) });
run.events.subscribe((event) => {
  // What a clock or a memory meter said differs from run to run, and so does what core says about resuming: all else is compared.
  if (event.stage !== 'pretrain' || event.replayed === undefined) return;
  const { replayed, ...rest } = event;
  if (rest.type === 'metric') {
    process.stdout.write(`${replayed ? 'replayed' : 'step'} ${rest.step}\n`);
    log.update(
      JSON.stringify({
        ...rest,
        values: Object.fromEntries(Object.entries(rest.values).filter(([name]) => !timings.includes(name))),
      }),
    );
  } else if (rest.type !== 'table' && !(rest.type === 'text' && rest.text.startsWith('Peak memory')))
    log.update(JSON.stringify(rest));
});
const { model } = await run.result();
const bits = createHash('sha256');
for (const name of Object.keys(model.tensors).sort()) bits.update(new Uint8Array((await model.read(name)).buffer));
process.stdout.write(`done ${bits.digest('hex')} ${log.digest('hex')}\n`);
