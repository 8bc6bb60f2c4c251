// `ingot replay` with the plugins that ship, on the reference device: the log's bits, each layer's gradients, and a device that gives others.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fakeIo, type FakeIo } from '../fixtures/io.js';
import { main } from '../main.js';
import { compareWithLog } from './replay.js';

const env = { INGOT_DEVICE: 'reference' };
const RECIPE = (path: string) => `name: tiny
seed: 3
stages:
  text: { use: text, how: { path: '${path}' } }
  characters: { use: char, from: { text: text.text } }
  tokens: { use: pack, from: { text: text.text, tokenizer: characters.tokenizer } }
  design: { use: gpt, from: { tokenizer: characters.tokenizer }, how: { layers: 2, heads: 1, width: 8, context: 8 } }
  model: { use: pretrain, from: { design: design.design, tokens: tokens.tokens }, how: { steps: 5, batch: 2 } }
outputs: { model: model.model }
`;
const ran = async (): Promise<FakeIo> => {
  const io = fakeIo({ env });
  const text = join(io.cwd, 'text.txt');
  writeFileSync(text, 'the whale swims on, and the sea is wide; '.repeat(30));
  writeFileSync(join(io.cwd, 'tiny.yaml'), RECIPE(text));
  expect(await main(['run', 'tiny.yaml', '--inline'], io), io.stderr()).toBe(0);
  return io;
};
const replay = async (cwd: string, ...argv: string[]) => {
  const io = fakeIo({ env, cwd });
  return { code: await main(['replay', 'tiny.yaml', ...argv], io), io };
};

describe('ingot replay', () => {
  test('shows the step, its layers, and that it is the same to the last bit', async () => {
    const { cwd } = await ran();
    const { code, io } = await replay(cwd, '--stage', 'model', '--step', '4');
    expect(code, io.stderr()).toBe(0);
    expect(io.stderr()).toContain('Replays step 4 from the beginning.');
    expect(io.stdout()).toContain('The same as in the log, to the last bit: loss, lr, gradientNorm.');
    expect(io.stdout()).toMatch(
      /Gradients at step 4\n *block +parameter +size +gradient norm +weight norm +update \/ weight\n/,
    );
    expect(io.stdout()).toMatch(/blocks\.1 +blocks\.1\.attention\.qkv\.weight +192 /);
    expect(io.stdout()).toMatch(/Gradients at step 4, by block\n(.*\n)*all /);

    const { io: json } = await replay(cwd, '--stage', 'model', '--step', '4', '--json');
    const [said] = json.jsonLines() as [Record<string, never>];
    expect(said).toMatchObject({ type: 'replay', stage: 'model', step: 4, same: true });
    expect(said['logged']).toMatchObject(said['values']!);
    expect(Object.keys(said['tables']!)).toEqual(['Gradients at step 4', 'Gradients at step 4, by block']);
  });

  test('refuses what cannot be replayed: exit 1 or 2, with what to do', async () => {
    const { cwd } = await ran();
    const refused = async (...argv: string[]) => {
      const { code, io } = await replay(cwd, ...argv);
      return [code, io.stderr()] as const;
    };
    expect(await refused('--stage', 'design', '--step', '1')).toEqual([
      1,
      expect.stringContaining("Wanted a training stage: 'model'."),
    ]);
    expect(await refused('--stage', 'modle', '--step', '1')).toEqual([
      2,
      expect.stringContaining("Did you mean 'model'?"),
    ]);
    expect(await refused('--stage', 'model', '--step', '6')).toEqual([
      1,
      expect.stringContaining('Ask for one of 1 to 5.'),
    ]);
    expect(await refused('--stage', 'model', '--step', 'x')).toEqual([
      2,
      expect.stringContaining('Wanted a whole number from 1.'),
    ]);
    expect(await refused('--stage', 'model', '--step', '1', '--set', 'design.width=16')).toEqual([
      1,
      expect.stringContaining('is not in the store. Run the recipe first'),
    ]);
  });
});

test('numbers are compared to the last bit, clocks are not', () => {
  const logged = { loss: 1, lr: 0.1, tokensPerSecond: 5, validationLoss: 2 };
  const compared = compareWithLog({
    values: { loss: 1 + Number.EPSILON, lr: 0.1, tokensPerSecond: 9, extra: 1 },
    logged,
  });
  expect(compared.map(({ name, same }) => [name, same])).toEqual([
    ['loss', false],
    ['lr', true],
  ]);
  expect(compareWithLog({ values: { loss: 1 }, logged: undefined })).toEqual([]);
});
