// The errors quoted in docs/type-errors.md are what the compiler says today. INGOT_WRITE_DOCS=1 writes them anew.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compile, root } from './compile.js';

const PAGE = join(root, 'docs', 'type-errors.md');
const FAKES = `import { createIngot } from '@ingot/core';
import { fakePlugins } from '@ingot/contracts/fakes';
createIngot({ plugins: fakePlugins }).pipeline('quoted', (g) => {
  const { text } = g.add('text', {}, { path: 'a' });
  const { tokenizer } = g.add('bpe', { text });
  const { tokens } = g.add('pack', { text, tokenizer });
  const { design } = g.add('gpt', { tokenizer });
  const { model } = g.add('pretrain', { design, tokens });
  const { examples } = g.add('examples', {}, { path: 'e' });
  const { model: chat } = g.add('sft', { model, examples });
  const { feedback } = g.add('preferences', {}, { path: 'p' });
`;
/** Of the section about aligning: the real plugins. */
const REAL = `import { alignDpo } from '@ingot/align-dpo';
import { createIngot } from '@ingot/core';
import { data } from '@ingot/data';
import { gpt } from '@ingot/model-gpt';
import { supervised } from '@ingot/supervised';
import { training } from '@ingot/training';
createIngot({ plugins: [data, gpt, training, supervised, alignDpo] }).pipeline('quoted', (g) => {
  const { text } = g.add('text', {}, { path: 'a' });
  const { tokenizer } = g.add('bpe', { text });
  const { tokens } = g.add('pack', { text, tokenizer });
  const { design } = g.add('gpt', { tokenizer }, { depth: 2 });
  const { model } = g.add('pretrain', { design, tokens });
  const { examples } = g.add('examples', {}, { path: 'e' });
  const { model: chat } = g.add('sft', { model, examples });
  const { feedback } = g.add('preferences', {}, { path: 'p' });
  const { feedback: labels } = g.add('labels', {}, { path: 'l' });
`;
const ALIGNING = '## Aligning';
const BLOCKS = /```ts\n([^]*?)\n```\n\n```text\n([^]*?)\n```/g;

/** What the compiler says of each sentence, by its line. */
const said = (preamble: string, sentences: readonly string[]): readonly string[] => {
  const first = preamble.split('\n').length;
  const output = compile('quoted', `${preamble}${sentences.join('\n')}\n  return { chat };\n});\n`, 'TypeScript 7');
  const messages = output.split(/\n(?=it\.ts)/);
  return sentences.map((_, i) =>
    messages
      .filter((message) => message.startsWith(`it.ts(${first + i},`))
      .map((message) => message.trimEnd().replace(/^it\.ts\(\d+,\d+\): /, ''))
      .join('\n'),
  );
};

test('five errors or more, each as the page quotes it', () => {
  const page = readFileSync(PAGE, 'utf8');
  const blocks = [...page.matchAll(BLOCKS)];
  expect(blocks.length).toBeGreaterThanOrEqual(5);
  const aligning = page.indexOf(ALIGNING);
  expect(aligning).toBeGreaterThan(0);
  const sentences = (real: boolean): string[] =>
    blocks.flatMap((block) => (block.index > aligning === real ? [block[1] ?? ''] : []));
  expect(sentences(true).length).toBeGreaterThanOrEqual(5);
  const got = [...said(FAKES, sentences(false)), ...said(REAL, sentences(true))];
  expect(
    got.every((message) => message.startsWith('error TS')),
    got.join('\n---\n'),
  ).toBe(true);
  if (process.env['INGOT_WRITE_DOCS']) {
    let at = 0;
    writeFileSync(
      PAGE,
      page.replace(
        BLOCKS,
        (_, sentence: string) => `\`\`\`ts\n${sentence}\n\`\`\`\n\n\`\`\`text\n${got[at++]}\n\`\`\``,
      ),
    );
  } else expect(got).toEqual(blocks.map(([, , message]) => message));
});
