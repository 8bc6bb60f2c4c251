// Rollouts of the policy have the trainer's log-probabilities bit for bit on every build of the kernels, in every batch composition, and with an adapter.
import { makeRollouts, mismatchOf, scoreAnswers } from '@ingot/align-rlhf';
import { gptDesign, gptFamily } from '@ingot/model-gpt';
import { backward, scope, sum } from '@ingot/tensor';
import { charactersJson, chatEncoder, END_OF_TEXT, tokenizerValue } from '@ingot/text';
import { initialParameters, modelOfCopy, openPolicy } from '@ingot/training';
import { expect, test } from 'vitest';
import { builds } from './builds.js';

const tokenizer = tokenizerValue(charactersJson([...'abcdefghijklmnop'], [END_OF_TEXT]));
const design = gptDesign({ layers: 2, heads: 3, width: 33, context: 67, initStd: 0.4 }, tokenizer);
const encoder = chatEncoder({ tokenizer });
const prompts = Array.from({ length: 12 }, (_, row) => ({
  row,
  ids: Int32Array.from({ length: 1 + ((row * 5) % 23) }, (__, t) => 1 + ((row * 7 + t * t) % 16)),
}));

test.for(builds)('$name', async ({ open }) => {
  const device = await open(2);
  const tree = initialParameters(device, gptFamily.parameters(design), 11);
  const model = modelOfCopy(design, tree);
  tree.dispose();
  for (const trains of [{}, { adapter: { rank: 4, dropout: 0.3 } }]) {
    const policy = await openPolicy({ device, family: gptFamily, model, trains, seed: 1 });
    // An adapter begins as nothing: let it say something.
    for (const one of policy.parameters.values())
      if (trains.adapter) one.load(Float32Array.from({ length: one.size }, (_, i) => Math.sin(i) / 10));
    const how = { encoder, tokens: 14, generations: 3, seed: 4, round: 2 };
    const all = await makeRollouts(policy.still, prompts, how);
    expect(await makeRollouts(policy.still, prompts, { ...how, atOnce: 5 })).toEqual(all);
    for (const some of [all, all.slice(7, 8), all.slice(20).toReversed(), all.filter((_, i) => i % 5 === 1)])
      scope(() => {
        const tokens = scoreAnswers(policy.still, some).tokens!;
        expect(mismatchOf(some, tokens.read()).largest).toBe(0);
        backward(sum(tokens));
      });
    policy.parameters.zeroGradients();
    policy.dispose();
  }
  device.dispose();
});
