// Planted faults of alignment through the command line: each is refused with its cause and the right exit code, before anything is written.
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { fakeIo } from '../fixtures/io.js';
import { main } from '../main.js';

const MODEL = fileURLToPath(new URL('../../../../tests/data/tiny-random-gpt2', import.meta.url));
const lines = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
let cwd = '';
const write = (name: string, text: string): void => writeFileSync(join(cwd, name), text);
/** The outputs of the last line of a run with --json: names with artifacts. */
const outputsOf = (io: ReturnType<typeof fakeIo>): Readonly<Record<string, string>> =>
  (io.jsonLines().at(-1) ?? {})['outputs'] as Readonly<Record<string, string>>;
const ingot = async (...argv: string[]) => {
  const io = fakeIo({ cwd, env: { INGOT_DEVICE: 'reference' } });
  return { code: await main(argv, io), io };
};
const align = (method: string, data: string, out: string, ...more: string[]) =>
  ingot('align', method, '--model', MODEL, '--data', data, '--out', out, '--steps', '1', '--inline', ...more);

const words = ['the sea', 'a whale', 'the ship', 'call me', 'old man'];
const rows = Array.from({ length: 25 }, (_, i) => ({
  prompt: `${words[i % 5]} ${words[Math.floor(i / 5)]} `,
  chosen: `is good ${words[(i + 1) % 5]}`,
  rejected: `is bad ${words[(i + 2) % 5]}`,
}));
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'ingot-faults-'));
  write('pairs.jsonl', lines(rows));
  write('identical.jsonl', lines(rows.map((row) => ({ ...row, rejected: row.chosen }))));
  write('empty.jsonl', lines(rows.map((row, i) => (i === 3 ? { ...row, chosen: '' } : row))));
  // The scores say that the other one is better.
  write('swapped.jsonl', lines(rows.map((row) => ({ ...row, score_chosen: 2, score_rejected: 7 }))));
  write('examples.jsonl', lines(rows.map(({ prompt, chosen }) => ({ prompt, completion: chosen }))));
  write('text.txt', 'call me old man of the sea, a good ship and a bad whale is what i saw\n'.repeat(9));
  write('no-answer.jsonl', lines(rows.map(({ prompt }) => ({ prompt, completion: '' }))));
});

describe('data that teaches nothing or the wrong thing', () => {
  test.each([
    ['identical.jsonl', /identical|same/i],
    ['empty.jsonl', /empty/i],
    ['swapped.jsonl', /are the columns swapped/i],
  ])('%s', async (data, said) => {
    const { code, io } = await align('dpo', data, `out-${data}`);
    expect(io.stderr()).toMatch(said);
    expect(code).toBe(1);
    expect(existsSync(join(cwd, `out-${data}`))).toBe(false);
  });
  test('sft: responses that are all empty', async () => {
    const { code, io } = await ingot(
      'sft',
      '--model',
      MODEL,
      '--data',
      'no-answer.jsonl',
      '--out',
      'out-none',
      '--steps',
      '1',
      '--inline',
      '--json',
    );
    expect(code).toBe(1);
    const said = io.jsonLines().filter(({ type }) => type === 'error');
    expect(said).toEqual([expect.objectContaining({ code: 'bad-input', exitCode: 1 })]);
    expect(existsSync(join(cwd, 'out-none'))).toBe(false);
  });
});

const file = (name: string): string => JSON.stringify(join(cwd, name)); // a recipe's paths start from the process's folder
/** Stages of a model with a tokenizer of its own. */
const OTHER = `  text: { use: text, how: { path: @text } }
  tokenizer: { use: char, from: { text: text.text }, how: { special: ['<|endoftext|>'] } }
  design: { use: gpt, from: { tokenizer: tokenizer.tokenizer }, how: { layers: 1, heads: 1, width: 8, context: 64 } }
  tokens: { use: pack, from: { text: text.text, tokenizer: tokenizer.tokenizer } }
  other: { use: pretrain, from: { design: design.design, tokens: tokens.tokens }, how: { steps: 1, batch: 1 } }
`;

describe('what does not plan', () => {
  const recipe = (name: string, aligned: string, more = ''): void =>
    write(
      name,
      `name: faulty
stages:
  base: { use: model-folder, how: { path: ${JSON.stringify(MODEL)} } }
  pairs: { use: preferences, how: { path: ${file('pairs.jsonl')} } }
${more}  aligned: ${aligned}
outputs: { model: aligned.model }
`.replace('@text', file('text.txt')),
    );
  test('a base model, with the line of the recipe', async () => {
    recipe('base.yaml', '{ use: dpo, from: { model: base.model, feedback: pairs.feedback } }');
    for (const command of [
      ['plan', 'base.yaml'],
      ['run', 'base.yaml', '--inline', '--store', 'unborn'],
      ['compare', '--align', 'dpo', 'base.yaml'],
    ]) {
      const { code, io } = await ingot(...command);
      expect(code).toBe(2);
      expect(io.stderr()).toMatch(/base\.yaml:\d+:\d+: .*'aligned'.*model/s);
    }
    expect(existsSync(join(cwd, 'unborn'))).toBe(false);
  });
  test('a reward model of another tokenizer', async () => {
    recipe(
      'reward.yaml',
      '{ use: rloo, from: { model: chat.model, feedback: pairs.feedback, reward: scorer.reward } }',
      `${OTHER}  scorer: { use: reward-model, from: { model: other.model, feedback: pairs.feedback } }
  chat: { use: assume-chat, from: { model: base.model }, how: { because: a test } }
`,
    );
    const { code, io } = await ingot('plan', 'reward.yaml');
    expect(io.stderr()).toMatch(/reward\.yaml:\d+:\d+: .*tokenizer/s);
    expect(code).toBe(2);
  });
});

describe('a reward model that is named on the command line', () => {
  test('no artifact, no such key, and a model that is none', async () => {
    const folder = await align('rloo', 'pairs.jsonl', 'x', '--reward', MODEL);
    expect([folder.code, folder.io.stderr()]).toEqual([1, expect.stringContaining("wanted '<key>.reward'")]);
    const none = await align('rloo', 'pairs.jsonl', 'x', '--reward', 'beefbeef.reward');
    expect(none.code).toBe(2);
    const tuned = await ingot(
      'sft',
      '--model',
      MODEL,
      '--data',
      'examples.jsonl',
      '--out',
      'tuned',
      '--steps',
      '1',
      '--samples',
      '0',
      '--inline',
      '--json',
    );
    const { model = '' } = outputsOf(tuned.io);
    const other = await align('rloo', 'pairs.jsonl', 'x', '--reward', model);
    expect([other.code, other.io.stderr()]).toEqual([2, expect.stringMatching(/reward/i)]);
    expect(existsSync(join(cwd, 'x'))).toBe(false);
  });
  test('one of this tokenizer scores the answers; one of another is refused before the model is touched', async () => {
    write(
      'scorers.yaml',
      `name: scorers
stages:
  pairs: { use: preferences, how: { path: ${file('pairs.jsonl')} } }
  base: { use: model-folder, how: { path: ${JSON.stringify(MODEL)} } }
${OTHER.replace('@text', file('text.txt'))}  own: { use: reward-model, from: { model: base.model, feedback: pairs.feedback }, how: { steps: 1 } }
  foreign: { use: reward-model, from: { model: other.model, feedback: pairs.feedback }, how: { steps: 1 } }
outputs: { own: own.reward, foreign: foreign.reward }
`,
    );
    const made = await ingot('run', 'scorers.yaml', '--inline', '--json');
    expect(made.code).toBe(0);
    const { own = '', foreign = '' } = outputsOf(made.io);
    const brief = ['--generations', '2', '--batch', '2', '--tokens', '4'];
    const scored = await align('rloo', 'pairs.jsonl', 'scored', '--reward', own, ...brief);
    expect(scored.io.stderr()).toContain('model: scored');
    expect(scored.code).toBe(0);
    const refused = await align('rloo', 'pairs.jsonl', 'x', '--reward', foreign, ...brief);
    expect(refused.io.stderr()).toContain('was trained with another tokenizer than --model');
    expect(refused.code).toBe(2);
    expect(existsSync(join(cwd, 'x'))).toBe(false);
  });
});

describe('show data', () => {
  test('of a recipe: its own stage, its own options; what would have to be trained is not', async () => {
    write(
      'show.yaml',
      `name: show
stages:
  base: { use: model-folder, how: { path: ${JSON.stringify(MODEL)} } }
  examples: { use: examples, how: { path: ${JSON.stringify(join(cwd, 'examples.jsonl'))} } }
  first: { use: sft, from: { model: base.model, examples: examples.examples }, how: { steps: 1, samples: 0 } }
  second: { use: sft, from: { model: first.model, examples: examples.examples }, how: { steps: 1, samples: 0 } }
outputs: { model: second.model }
`,
    );
    const shown = await ingot('show', 'data', 'show.yaml', '--stage', 'first', '--rows', '1');
    expect(shown.io.stdout()).toBe('example 0\nthe sea the sea ⟦is good a whale<|endoftext|>⟧\n');
    const several = await ingot('show', 'data', 'show.yaml');
    expect([several.code, several.io.stderr()]).toEqual([2, expect.stringContaining('first, second. Say which')]);
    const untrained = await ingot('show', 'data', 'show.yaml', '--stage', 'second');
    expect([untrained.code, untrained.io.stderr()]).toEqual([2, expect.stringContaining("comes after 'first' (sft)")]);
    const named = await ingot('show', 'data', 'show.yaml', '--stage', 'second', '--model', MODEL, '--rows', '1');
    expect(named.io.stdout()).toBe(shown.io.stdout());
    const wrong = await ingot('show', 'data', 'show.yaml', '--stage', 'base');
    expect([wrong.code, wrong.io.stderr()]).toEqual([2, expect.stringContaining('It has: first, second')]);
  });
  test('of a file without a model, and of nothing', async () => {
    for (const argv of [['examples.jsonl'], [], ['nothing.jsonl', '--model', MODEL]])
      expect((await ingot('show', 'data', ...argv)).code).toBe(2);
  });
});
