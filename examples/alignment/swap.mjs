// Six alignment methods by one word, in code and in a recipe, in seconds on any machine: `node examples/alignment/swap.mjs` after `npm run build`.
// The text is made-up words. The SFT model is asked to go on with a line, and answers with more of the letter a are better.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIngot, memoryStore, plugins } from 'ingot';

const folder = mkdtempSync(join(tmpdir(), 'ingot-swap-'));
const syllables = ['ba', 'bo', 'da', 'do', 'ga', 'go'];
let state = 1;
const draw = (n) => (state = (state * 48271) % 2147483647) % n; // Lehmer's generator: the same lines everywhere
const word = () => syllables[draw(6)] + syllables[draw(6)];
const line = () => Array.from({ length: 6 }, word).join(' ');
const path = join(folder, 'lines.txt');
writeFileSync(path, Array.from({ length: 240 }, line).join('\n\n'));

const ingot = createIngot({ plugins: plugins({ INGOT_DEVICE: 'reference' }) });
const store = memoryStore(); // what all six share is made once
const tuned = {
  steps: 40,
  batch: 8,
  heldOut: 0.2,
  watch: { samples: 24, tokens: 16 },
  optimiser: { use: 'adamw', lr: 3e-3 },
};
const reward = { use: 'regex', pattern: 'a', count: true };

/** In code: the word is the first argument of `g.add`, and an editor completes it. */
const byCode = (method) =>
  ingot.pipeline(
    'swap',
    (g) => {
      const { text } = g.add('text', {}, { path, documents: 'paragraph' });
      const { tokenizer } = g.add('char', { text }, { special: ['<|endoftext|>'] });
      const { tokens } = g.add('pack', { text, tokenizer });
      const { design } = g.add('gpt', { tokenizer }, { layers: 1, heads: 2, width: 16, context: 48 });
      const { model: base } = g.add(
        'pretrain',
        { design, tokens },
        { steps: 60, batch: 4, optimiser: { use: 'adamw', lr: 1e-2 } },
      );
      const { examples, prompts } = g.add('openings', { text }, { openingWords: 2, responseWords: 3, holdOut: 0.4 });
      const { model: sft } = g.add(
        'sft',
        { model: base, examples },
        { steps: 30, batch: 8, optimiser: { use: 'adamw', lr: 3e-3 } },
      );
      const { feedback } = g.add('pairs', { model: sft, prompts }, { samples: 4, tokens: 16, reward });
      return { aligned: g.add(method, { model: sft, feedback }, { ...tuned, rewards: [reward] }).model };
    },
    { seed: 7 },
  );

const rows = [];
for (const method of ['dpo', 'ipo', 'kto', 'simpo', 'orpo', 'cpo']) {
  const run = byCode(method).run({ store });
  const rewards = [];
  const made = [];
  run.events.subscribe((event) => {
    if (event.type === 'stage-start') made.push(event.stage);
    if (event.stage === method && event.type === 'metric' && 'sampleReward' in event.values)
      rewards.push(event.values.sampleReward);
  });
  await run.result();
  rows.push({ method, 'reward before': rewards[0], after: rewards.at(-1), 'stages run': made.length });
}
console.table(rows);
assert.ok(rows.slice(1).every((row) => row['stages run'] === 1)); // only the method itself: all before it is shared
assert.ok(rows.every((row) => row.after > row['reward before']));
await ingot.dispose();
rmSync(folder, { recursive: true });
