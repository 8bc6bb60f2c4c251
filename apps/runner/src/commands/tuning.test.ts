// `ingot align`, `sft`, `compare`, `score`, `eval` and `show data` on a tiny model folder: what they write, print and refuse.
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { fakeIo } from '../fixtures/io.js';
import { main } from '../main.js';

const MODEL = fileURLToPath(new URL('../../../../tests/data/tiny-random-gpt2', import.meta.url));
const words = ['the sea', 'a whale', 'the ship', 'call me', 'old man'];
const word = (n: number): string => words[n % words.length]!;
const lines = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'ingot-tuning-'));
  const rows = Array.from({ length: 25 }, (_, i) => ({
    prompt: `${word(i)} ${word(Math.floor(i / 5))} `,
    good: `is good ${word(i + 1)}`,
    bad: `is bad ${word(i + 2)}`,
  }));
  writeFileSync(
    join(cwd, 'pairs.jsonl'),
    lines(rows.map(({ prompt, good, bad }) => ({ prompt, chosen: good, rejected: bad }))),
  );
  writeFileSync(join(cwd, 'examples.jsonl'), lines(rows.map(({ prompt, good }) => ({ prompt, completion: good }))));
  writeFileSync(join(cwd, 'text.txt'), 'the sea is wide and the ship is old, call me old man of the sea\n'.repeat(5));
  writeFileSync(
    join(cwd, 'tasks.jsonl'),
    lines([
      { prompt: 'the sea is', choices: [' wide', ' small'], answer: 0 },
      { prompt: 'the ship', choices: [' is', ' me'], answer: 1 },
    ]),
  );
});
const ingot = async (...argv: string[]) => {
  const io = fakeIo({ cwd, env: { INGOT_DEVICE: 'reference' } });
  return { code: await main(argv, io), io };
};
const brief = ['--steps', '2', '--watch.samples', '1', '--watch.tokens', '4', '--inline'];

describe('align', () => {
  test('flags become options; the model and its adapter are written; again it is kept', async () => {
    const how = [
      '--model',
      MODEL,
      '--data',
      'pairs.jsonl',
      '--adapter.rank',
      '2',
      '--beta=0.2',
      '--optimiser.lr',
      '1e-3',
      ...brief,
    ];
    const { code, io } = await ingot('align', 'dpo', ...how, '--out', 'aligned', '--json');
    expect(code).toBe(0);
    const ends = io.jsonLines().slice(-2);
    expect(ends[0]).toEqual({ type: 'written', model: join(cwd, 'aligned'), adapter: join(cwd, 'aligned', 'adapter') });
    expect(ends[1]).toMatchObject({
      type: 'result',
      exitCode: 0,
      outputs: { model: expect.stringMatching(/\.model$/) },
    });
    const config = JSON.parse(readFileSync(join(cwd, 'aligned', 'adapter', 'adapter_config.json'), 'utf8')) as object;
    expect(config).toMatchObject({ r: 2, peft_type: 'LORA' });
    expect(existsSync(join(cwd, 'aligned', 'tokenizer_config.json'))).toBe(true);

    const again = await ingot('align', 'dpo', ...how, '--out', 'again');
    expect(again.code).toBe(0);
    expect(again.io.stderr()).toContain('4 stages, 4 kept in the store');
    expect(readFileSync(join(cwd, 'again', 'model.safetensors'))).toEqual(
      readFileSync(join(cwd, 'aligned', 'model.safetensors')),
    );
  });
  test('a method that learns from labels reads pairs as labels; a model of the store keeps its lineage', async () => {
    const { code, io } = await ingot(
      'align',
      'kto',
      '--model',
      MODEL,
      '--data',
      'pairs.jsonl',
      '--out',
      'kto',
      ...brief,
      '--json',
    );
    expect(code).toBe(0);
    const artifact = (io.jsonLines().at(-1) as { outputs: { model: string } }).outputs.model;
    const more = await ingot(
      'align',
      'simpo',
      '--model',
      artifact,
      '--data',
      'pairs.jsonl',
      '--out',
      'simpo',
      ...brief,
    );
    expect(more.code).toBe(0);
    expect(more.io.stderr()).not.toContain('assume-chat');
  });
  test('--help lists the options of the method with their defaults', async () => {
    const { code, io } = await ingot('align', 'kto', '--help');
    expect(code).toBe(0);
    expect(io.stdout()).toMatch(/Options of 'kto':[^]*--desirableWeight <number ≥ 0> +λ_D.*\(default 1\)/);
    expect(io.stdout()).toMatch(/--adapter\.rank <integer > 0> .*\(default 8\)/);
  });
  test('--set says the same as a flag, and is refused without a value', async () => {
    const given = (...flags: string[]) => [
      'align',
      'dpo',
      '--model',
      MODEL,
      '--data',
      'pairs.jsonl',
      '--out',
      'x',
      ...flags,
    ];
    for (const flags of [['--set', 'betta=1'], ['--set=betta=1'], ['--betta', '1']])
      expect((await ingot(...given(...flags))).io.stderr()).toContain("no option 'betta'. Did you mean 'beta'");
    const empty = await ingot(...given('--set', 'beta'));
    expect([empty.code, empty.io.stderr()]).toEqual([2, expect.stringContaining("--set 'beta' wants option=value")]);
  });
  test.each([
    [['align', 'dppo'], "No alignment method is called 'dppo'. Did you mean 'dpo'", 2],
    [['align', 'dpo', '--data', 'pairs.jsonl', '--out', 'x'], '--model is missing', 2],
    [['align', 'dpo', '--model', MODEL, '--data', 'nothing.jsonl', '--out', 'x'], 'there is no such file', 2],
    [['align', 'dpo', '--model', MODEL, '--data', 'pairs.jsonl', '--out', '.'], "'.' exists already", 1],
    [
      ['align', 'dpo', '--model', MODEL, '--data', 'pairs.jsonl', '--out', 'x', '--betta', '1'],
      "no option 'betta'. Did you mean 'beta'",
      2,
    ],
    [['align', 'dpo', '--model', MODEL, '--data', 'pairs.jsonl', '--out', 'x', '--beta', 'much'], 'beta', 2],
    [
      ['align', 'dpo', '--model', MODEL, '--data', 'pairs.jsonl', '--out', 'x', 'stray'],
      "'stray' belongs to no flag",
      2,
    ],
    [['align', 'dpo', '--model', MODEL, '--data', 'examples.jsonl', '--out', 'x', '--inline'], 'examples.jsonl', 1],
    [['align', 'dpo', '--model', 'beefbeef', '--data', 'pairs.jsonl', '--out', 'x'], 'beefbeef', 2],
  ])('%j is refused', async (argv, told, code) => {
    const made = await ingot(...argv);
    expect(made.io.stderr()).toContain(told);
    expect(made.code).toBe(code);
    expect(existsSync(join(cwd, 'x'))).toBe(false);
  });
});

test('sft writes a model that score and eval read', async () => {
  const { code, io } = await ingot(
    'sft',
    '--model',
    MODEL,
    '--data',
    'examples.jsonl',
    '--out',
    'tuned',
    '--steps',
    '2',
    '--samples',
    '0',
    '--inline',
  );
  expect(io.stderr()).toContain('model: tuned');
  expect(code).toBe(0);
  const score = await ingot('score', '--model', 'tuned', '--text', 'text.txt', '--json');
  const { tokens, nll, perplexity } = score.io.jsonLines()[0] as { tokens: number; nll: number; perplexity: number };
  expect(perplexity).toBeCloseTo(Math.exp(nll / tokens), 6);
  expect(score.io.jsonLines()[0]).toMatchObject({ bytes: 320, bitsPerByte: expect.any(Number) });

  const evaluated = await ingot('eval', '--model', 'tuned', '--against', MODEL, '--tasks', 'tasks.jsonl', '--json');
  expect(evaluated.code).toBe(0);
  const { measurements, differences } = evaluated.io.jsonLines()[0] as {
    measurements: object[];
    differences: object[];
  };
  expect(measurements).toHaveLength(6);
  expect(differences[0]).toMatchObject({ model: 'tuned', against: 'tiny-random-gpt2', task: 'tasks.jsonl' });
  expect((await ingot('eval', '--model', 'tuned')).io.stderr()).toContain('--tasks is missing');
  expect((await ingot('score', '--model', 'tuned', '--text', 'none.txt')).code).toBe(2);
});

test('compare: stages before the method run once, an option that a method lacks is left out aloud, a table at the end', async () => {
  writeFileSync(
    join(cwd, 'compare.yaml'),
    `name: swap
stages:
  base: { use: model-folder, how: { path: ${JSON.stringify(MODEL)} } }
  examples: { use: examples, how: { path: ${JSON.stringify(join(cwd, 'examples.jsonl'))} } }
  sft: { use: sft, from: { model: base.model, examples: examples.examples }, how: { steps: 2, samples: 0 } }
  pairs: { use: preferences, how: { path: ${JSON.stringify(join(cwd, 'pairs.jsonl'))} } }
  aligned:
    use: dpo
    from: { model: sft.model, feedback: pairs.feedback }
    how: { steps: 2, beta: 0.2, watch: { samples: 1, tokens: 4 } }
outputs: { model: aligned.model }
`,
  );
  const { code, io } = await ingot('compare', '--align', 'dpo,orpo', 'compare.yaml', '--inline', '--store', 'swap');
  expect(code).toBe(0);
  expect(io.stderr()).toContain("'orpo' has no 'beta': left out.");
  expect(io.stderr()).toContain('5 stages, 4 kept in the store');
  expect(io.stdout()).toMatch(/method +held-out loss.*KL.*times SFT +memory\ndpo .*\norpo /);
  const [, page = ''] = /side by side: (.*)\n/.exec(io.stderr()) ?? [];
  expect(readFileSync(join(cwd, page), 'utf8')).toContain('<h3>Loss: held out</h3>');
  const json = await ingot('compare', '--align', 'dpo,orpo', 'compare.yaml', '--inline', '--store', 'swap', '--json');
  expect(json.io.jsonLines().at(-1)).toMatchObject({
    type: 'comparison',
    stage: 'aligned',
    methods: [{ method: 'dpo' }, { method: 'orpo' }],
  });
  const missed = await ingot('compare', '--align', 'dpo,ktoo', 'compare.yaml');
  expect([missed.code, missed.io.stderr()]).toEqual([2, expect.stringContaining("Did you mean 'kto'")]);
  expect((await ingot('compare', '--align', 'dpo', '--stage', 'sft', 'compare.yaml')).io.stderr()).toContain(
    'It has: aligned',
  );
});

test('show data: what is learnt stands in marks, or as runs with weights', async () => {
  const plain = await ingot('show', 'data', '--model', MODEL, '--data', 'examples.jsonl', '--rows', '1');
  expect(plain.io.stdout()).toBe('example 0\nthe sea the sea ⟦is good a whale<|endoftext|>⟧\n');
  const json = await ingot('show', 'data', '--model', MODEL, '--data', 'examples.jsonl', '--rows', '2', '--json');
  expect(json.io.jsonLines()).toHaveLength(2);
  expect(json.io.jsonLines()[0]).toEqual({
    row: 0,
    runs: [
      { text: 'the sea the sea ', weight: 0 },
      { text: 'is good a whale<|endoftext|>', weight: 1 },
    ],
  });
  const refused = await ingot('show', 'data', '--model', MODEL, '--data', 'examples.jsonl', '--template', 'chatml2');
  expect(refused.code).toBe(2);
  expect(refused.io.stderr()).toContain('chatml, ');
});
