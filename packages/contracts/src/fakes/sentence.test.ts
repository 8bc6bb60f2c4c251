// The README's sentence runs on fakes alone, and every algorithm of a role swaps by one word.
import { createIngot } from '@ingot/core';
import { expect, test } from 'vitest';
import { fakePlugins } from './index.js';

const chat = (how: 'dpo' | 'simpo' | 'kto' | 'grpo' | 'ppo', architecture: 'gpt' | 'llama') => {
  const ingot = createIngot({ plugins: fakePlugins });
  const pipeline = ingot.pipeline('tiny-chat', (g) => {
    const { text } = g.add('text', {}, { path: 'data/tiny.txt' });
    const { tokenizer } = g.add('bpe', { text }, { vocabSize: 512 });
    const { tokens } = g.add('pack', { text, tokenizer });
    const { design } = g.add(architecture, { tokenizer }, { depth: 4 });
    const { model } = g.add('pretrain', { design, tokens }, { steps: 5, optimiser: { use: 'adamw', lr: 3e-3 } });
    const { examples } = g.add('examples', {}, { path: 'data/chat.jsonl' });
    const { model: sft } = g.add('sft', { model, examples });
    const { feedback } = g.add('preferences', {}, { path: 'data/pairs.jsonl' });
    const { model: aligned } = g.add(how, { model: sft, feedback });
    const { samples } = g.add(
      'generate',
      { model: aligned },
      {
        sampler: [
          { use: 'temperature', value: 0.5 },
          { use: 'top-p', p: 0.9 },
        ],
      },
    );
    const { report } = g.add('evaluate', { model: aligned, against: [sft] }, { tasks: ['bits-per-byte'] });
    return { aligned, samples, report };
  });
  return { ingot, pipeline };
};
test.for(['dpo', 'simpo', 'kto', 'grpo', 'ppo'] as const)('the sentence with %s', async (how) => {
  const { ingot, pipeline } = chat(how, how === 'dpo' ? 'gpt' : 'llama');
  const { aligned, samples, report } = await pipeline.run().result();
  expect(Object.keys(aligned.tensors)).toContain('wte.weight');
  for await (const row of samples.read()) expect(row.text).toBe('2 4 6');
  expect(report.rows[0]?.values['bits per byte']).toBeCloseTo(8);
  await ingot.dispose();
});
test('a model with another tokenizer than its tokens is refused when the plan is made', async () => {
  const ingot = createIngot({ plugins: fakePlugins });
  const mixed = () =>
    ingot.pipeline('mixed', (g) => {
      const { text } = g.add('text', {}, { path: 'a' });
      const { tokenizer } = g.add('bpe', { text }, { vocabSize: 300 });
      const { tokenizer: other } = g.add('bpe', { text }, { vocabSize: 400 });
      return g.add('pretrain', {
        design: g.add('gpt', { tokenizer }).design,
        tokens: g.add('pack', { text, tokenizer: other }).tokens,
      });
    });
  await expect((async () => mixed().plan())()).rejects.toMatchObject({
    code: 'bad-wiring',
    message: expect.stringContaining('tokenizer'),
  });
});
