// `ingot sample` on a model folder: what it prints, that a seed repeats it, and what it refuses.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { fakeIo } from '../fixtures/io.js';
import { main } from '../main.js';

const MODEL = fileURLToPath(new URL('../../../../tests/data/tiny-random-gpt2', import.meta.url));
const reference = { INGOT_DEVICE: 'reference' };
const sample = async (...argv: string[]) => {
  const io = fakeIo({ env: reference });
  const code = await main(['sample', '--model', MODEL, ...argv], io);
  return { code, io, said: argv.includes('--json') ? io.jsonLines().at(-1) : undefined };
};

test('--json prints one object with text, tokens and tokensPerSecond', async () => {
  const { code, io, said } = await sample(
    '--prompt',
    'Call me',
    '--tokens',
    '12',
    '--temperature',
    '0.8',
    '--seed',
    '5',
    '--json',
  );
  expect(code).toBe(0);
  expect(io.jsonLines()).toHaveLength(1);
  expect(said).toMatchObject({
    text: expect.any(String),
    tokens: 12,
    tokensPerSecond: expect.any(Number),
    prompt: 'Call me',
    seed: 5,
    device: 'reference',
  });
  expect(Number(said?.['tokensPerSecond'])).toBeGreaterThan(0);
});

test('the same seed gives the same text, another seed another; temperature 0 asks no seed', async () => {
  const text = async (...how: string[]) =>
    String((await sample('--prompt', 'Call me', '--tokens', '16', ...how, '--json')).said?.['text']);
  expect(await text('--temperature', '1', '--seed', '1')).toBe(await text('--temperature', '1', '--seed', '1'));
  expect(await text('--temperature', '1', '--seed', '1')).not.toBe(await text('--temperature', '1', '--seed', '2'));
  expect(await text('--temperature', '0', '--seed', '1')).toBe(await text('--temperature', '0', '--seed', '2'));
  expect(await text('--temperature', '1', '--top-k', '1', '--seed', '3')).toBe(await text('--temperature', '0'));
});

test('without --json the text streams after the prompt', async () => {
  const plain = await sample('--prompt', 'Call me', '--tokens', '8', '--seed', '4');
  const json = await sample('--prompt', 'Call me', '--tokens', '8', '--seed', '4', '--json');
  expect(plain.code).toBe(0);
  expect(plain.io.stdout()).toBe(`Call me${String(json.said?.['text'])}\n`);
  expect(plain.io.stderr()).toMatch(/^8 tokens, [\d.]+ tokens\/s on reference, seed 4\n$/);
});

test('refuses: no model, a folder without a model, an artifact that is not there, a number that is none', async () => {
  expect(await main(['sample', '--prompt', 'x'], fakeIo())).toBe(2);
  expect((await sample('--tokens', 'many')).code).toBe(2);
  expect((await sample('--tokens', '0')).code).toBe(2);
  const empty = fakeIo({ env: reference });
  mkdirSync(join(empty.cwd, 'empty'));
  expect(await main(['sample', '--model', 'empty', '--prompt', 'x'], empty)).toBe(1);
  expect(empty.stderr()).toContain('config.json');
  const none = fakeIo({ env: reference });
  expect(await main(['sample', '--model', 'no-such-folder', '--prompt', 'x', '--json'], none)).toBe(1);
  expect(none.jsonLines()).toEqual([
    {
      type: 'error',
      code: 'bad-input',
      message: expect.stringContaining("'no-such-folder' is neither a folder nor an artifact"),
      exitCode: 1,
    },
  ]);
  const gone = fakeIo({ env: reference });
  expect(await main(['sample', '--model', 'abc123.model', '--prompt', 'x'], gone)).toBe(2);
  expect(gone.stderr()).toContain("no single artifact whose key starts with 'abc123'");
});
