// `ingot calc` through the command line: the numbers of the laws, both of the page's answers, and what it refuses.
import { expect, it, test } from 'vitest';
import { fakeIo } from '../fixtures/io.js';
import { main } from '../main.js';

const calc = async (
  ...argv: string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> => {
  const io = fakeIo();
  const code = await main(['calc', ...argv], io, { plugins: [] });
  return { code, out: io.stdout(), err: io.stderr() };
};
const json = async <T>(...argv: string[]): Promise<T> => {
  const { code, out } = await calc(...argv, '--json');
  expect(code).toBe(0);
  return JSON.parse(out) as T;
};
const gpt2 = ['--layers', '12', '--width', '768', '--vocab', '50257'];

it('params: GPT-2 and a Llama', async () => {
  expect((await calc('params', ...gpt2)).out).toContain('124,439,808');
  expect(await json('params', ...gpt2, '--untied')).toMatchObject({ total: 163_037_184, body: 85_056_000 });
  const llama3 = '--layers 32 --width 4096 --vocab 128256 --heads 32 --kv-heads 8 --hidden 14336 --llama --untied';
  expect(await json('params', ...llama3.split(' '))).toMatchObject({ total: 8_030_261_248 });
});
it('flops: 6N + 12LCT without the position table, and a whole training', async () => {
  expect(await json('flops', ...gpt2, '--tokens', '1e9')).toMatchObject({
    parameters: 123_653_376,
    perToken: { simple: 741_920_256, training: 855_166_464 },
    whole: 855_166_464e9,
  });
  expect((await calc('flops', ...gpt2, '--tokens', '10B')).out).toMatch(/the whole training +8\.55e18 FLOP/);
});
it('optimum: every law, the page’s formula and its table, and the sentence that they disagree', async () => {
  const { code, out } = await calc('optimum', '--flops', '1e21');
  expect(code).toBe(0);
  expect(out).toMatch(/rule of 20 \(the page’s formula\) +2\.89B +57\.7B +20\.00/);
  expect(out).toMatch(/rounded constants +1\.82B +91\.4B +50\.08/);
  expect(out).toMatch(/epoch constants +2\.78B +59\.9B +21\.53/);
  expect(out).toMatch(/the page’s table \(GPT-3-small\) +1\.40B +28\.0B +20\.00 .*2\.35e20/);
  expect(out).toContain('they disagree');
  const got = await json<{ laws: { parameters: number }[]; page: { spends: number }; note: string }>(
    'optimum',
    '--flops',
    '1e21',
  );
  expect(got.laws[0]?.parameters).toBeCloseTo(Math.sqrt(1e21 / 120), 0);
  expect(got.page.spends).toBeCloseTo(2.352e20, -6);
  expect(got.note).toContain('disagree');
  // a budget that the page does not print has no row of it
  expect(await json('optimum', '--flops', '3e21')).not.toHaveProperty('page');
});
it('loss: three sets of constants', async () => {
  const { losses } = await json<{ losses: { constants: string; loss: number }[] }>(
    'loss',
    '--params',
    '125M',
    '--tokens',
    '10B',
  );
  expect(losses.map(({ constants, loss }) => `${constants} ${loss.toFixed(6)}`)).toEqual([
    'rounded 3.058717',
    'unrounded 3.003747',
    'epoch 3.010581',
  ]);
});
it('memory: weights, training, adapters and the cache', async () => {
  const cache = '--layers 32 --kv-heads 32 --head-width 128 --context 4096'.split(' ');
  expect(await json('memory', '--params', '7e9', '--adapter', '40M', ...cache)).toMatchObject({
    weights: { f16: 14e9, int8: 7e9 },
    training: { 'adam-mixed': 112e9 },
    adapters: { LoRA: 14.64e9 },
    cache: 2 * 2 ** 30,
  });
  expect((await calc('memory', '--params', '70B')).out).toMatch(
    /weights +f16 +140 GB[^]*training +adam-mixed +1\.1 TB/,
  );
});
test.each([
  [['optimum', '--flops', 'many'], /Wanted a number above 0, for example 7e9 or 7B/],
  [['optimum', '--flops', '-5'], /Wanted a number above 0|argument missing/],
  [['params', '--layers', '12', '--width', '768'], /--vocab/],
  [['params', ...gpt2, '--llama'], /--hidden and --heads/],
  [['params', '--layers', '1.5', '--width', '8', '--vocab', '8'], /'layers' should be a whole number above 0/],
  [['memory', '--params', '7B', '--layers', '3'], /--kv-heads, --head-width and --context/],
])('refuses %j with exit code 2', async (argv, message) => {
  const { code, err } = await calc(...argv);
  expect(err).toMatch(message);
  expect(code).toBe(2);
});
