// Constitutional AI end to end with a model of ours: it answers with faults, criticises and revises itself, learns from what came out, and answers with fewer; the report says which principle did it.
import type { ExampleRow, ReportValue, RowsValue } from '@ingot/contracts';
import { createIngot, memoryStore } from '@ingot/core';
import { plugins } from 'ingot';
import { expect, test } from 'vitest';
import { faultsIn, heldOut, mannered, MANNERS } from './mannered-model.fixture.js';

const revising = (model: string) => ({
  use: 'critique-revise',
  from: { model, prompts: 'world.prompts' },
  how: { constitution: MANNERS, principles: 'all', tokens: 40, sampler: [], judge: { use: 'fewer-faults' } },
});
const tuned = (epochs: number, lr: number) => ({ epochs, batch: 16, optimiser: { use: 'adamw', lr } });

test('a model revises its own answers by a constitution, and what it learns from them has fewer faults', async () => {
  const ingot = createIngot({ plugins: [...plugins(), mannered] });
  const special = ['<|endoftext|>', '<|im_start|>', '<|im_end|>'];
  const pipeline = ingot.fromRecipe({
    name: 'constitution',
    seed: 1,
    stages: {
      world: { use: 'lessons' },
      tokenizer: { use: 'bpe', from: { text: 'world.text' }, how: { vocabSize: 360, special } },
      tokens: {
        use: 'pack',
        from: { text: 'world.text', tokenizer: 'tokenizer.tokenizer' },
        how: { validation: 0.05 },
      },
      design: {
        use: 'gpt',
        from: { tokenizer: 'tokenizer.tokenizer' },
        how: { layers: 2, heads: 2, width: 64, context: 128 },
      },
      base: {
        use: 'pretrain',
        from: { design: 'design.design', tokens: 'tokens.tokens' },
        how: { steps: 100, batch: 8, optimiser: { use: 'adamw', lr: 3e-3 } },
      },
      taught: { use: 'sft', from: { model: 'base.model', examples: 'world.examples' }, how: tuned(8, 3e-3) },
      revise: revising('taught.model'),
      revised: { use: 'sft', from: { model: 'taught.model', examples: 'revise.examples' }, how: tuned(16, 1e-3) },
      again: revising('revised.model'),
    },
    outputs: { examples: 'revise.examples', first: 'revise.report', after: 'again.report' },
  });
  const run = pipeline.run({ store: memoryStore() });
  const made = (await run.result()) as {
    examples: RowsValue<ExampleRow>;
    first: ReportValue;
    after: ReportValue;
  };
  await ingot.dispose();
  const sum = (
    report: ReportValue,
    names: readonly string[],
    of: (values: ReportValue['rows'][number]['values']) => number,
  ) => report.rows.filter(({ name }) => names.includes(name)).reduce((total, { values }) => total + of(values), 0);
  const changed = (report: ReportValue, ...names: string[]) =>
    sum(report, names, (values) => Number(values['changed']));
  const answers: string[] = [];
  for await (const row of made.examples.read()) if ('messages' in row) answers.push(row.messages.at(-1)?.content ?? '');

  // of 16 first answers, each fault in half of them when the model is as it was taught: 12 and 1 on the machine this was written on
  const faulty = changed(made.first, 'respectful', 'honest');
  expect(faulty).toBeGreaterThanOrEqual(8);
  expect(changed(made.first, 'private')).toBeLessThanOrEqual(3);
  const won = sum(
    made.first,
    ['respectful', 'honest'],
    (values) => Number(values['win rate'] ?? 0) * Number(values['judged'] ?? 0),
  );
  expect(won / faulty).toBeGreaterThan(0.8);
  expect(answers).toHaveLength(heldOut.length);
  expect(answers.filter((answer) => faultsIn(answer).length === 0).length).toBeGreaterThanOrEqual(13);
  // what learnt from them leaves little to revise
  expect(changed(made.after, 'respectful', 'honest')).toBeLessThanOrEqual(faulty / 2);
}, 600_000);
