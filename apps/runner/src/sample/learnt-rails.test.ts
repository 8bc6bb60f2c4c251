// `ingot sample --chat --rails`: a classifier that a pipeline trained from a file of labels, read from the store; the rail `perplexity` with a model of the store; what is refused.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIngot, folderStore } from '@ingot/core';
import { policies } from '@ingot/guardrails';
import { beforeAll, describe, expect, test } from 'vitest';
import { chatPlugin } from '../fixtures/chat-plugin.js';
import { fakeIo } from '../fixtures/io.js';
import { main } from '../main.js';
import { plugins } from '../plugins.js';

const env = { INGOT_DEVICE: 'reference' };
const cwd = mkdtempSync(join(tmpdir(), 'ingot-learnt-rails-'));
const keys: Record<string, string> = {};
const harsh = ['worthless', 'pathetic', 'vile', 'stupid'];
const mild = ['kind', 'clever', 'patient', 'funny'];
const frames = ['you are so %', 'what a % friend you are', 'your % idea', '% people like you', 'how % of you'];
beforeAll(async () => {
  const rows = frames.flatMap((frame) =>
    [...harsh, ...mild].flatMap((word, at) =>
      ['', ' indeed', ' today'].map((end) => ({
        prompt: `say something about ${word} in ${frames.indexOf(frame)}${end}`,
        completion: frame.replace('%', word) + end,
        label: at >= harsh.length,
      })),
    ),
  );
  const path = join(cwd, 'labels.jsonl');
  writeFileSync(path, rows.map((row) => JSON.stringify(row)).join('\n'));
  const ingot = createIngot({ plugins: [...plugins(env), chatPlugin] });
  const store = folderStore(join(cwd, '.ingot'));
  const pipeline = ingot.fromRecipe({
    name: 'rails',
    stages: {
      aligned: { use: 'an-aligned' },
      labels: { use: 'labels', how: { path } },
      guard: {
        use: 'rail-classifier',
        from: { feedback: 'labels.feedback' },
        how: { category: 'harassment', heldOut: 0.5, bits: 10, threshold: { miss: 1, falseAlarm: 1 } },
      },
    },
    outputs: { model: 'aligned.model', classifier: 'guard.classifier', report: 'guard.report' },
  });
  for (const { id, key } of await pipeline.plan({ store })) keys[id] = key.slice(0, 12);
  await pipeline.run({ store }).result();
  await ingot.dispose();
});
const chat = async (rails: unknown, prompt: string) => {
  writeFileSync(join(cwd, 'rails.json'), JSON.stringify(rails));
  const io = fakeIo({ cwd, env, lines: [] });
  const brief = ['--system', '', '--tokens', '4', '--rails', 'rails.json', '--prompt', prompt];
  const code = await main(['sample', '--chat', '--model', `${keys['aligned']}.model`, ...brief], io);
  return { code, out: io.stdout(), err: io.stderr() };
};

describe('rails that were learnt', () => {
  test('a classifier of the store stops what it was trained to find, and lets the rest through', async () => {
    const rails = [
      { use: 'classifier', model: { artifact: `${keys['guard']}.classifier` }, sides: ['input'] },
      { use: 'pii' },
    ];
    const stopped = await chat(rails, 'you are so worthless');
    expect([stopped.code, stopped.out]).toEqual([3, `${policies.general.refusals.refuse}\n`]);
    expect(stopped.err).toContain('input: classifier:harassment refuse harassment');
    expect((await chat(rails, 'you are so kind')).code).toBe(0);
  });
  test('perplexity reads with a model of the store, and refuses above its limit alone', async () => {
    const rails = (ends: number) => [{ use: 'perplexity', model: { artifact: `${keys['aligned']}.model` }, ends }];
    const refused = await chat(rails(1.01), 'hello there');
    expect(refused.code).toBe(3);
    expect(refused.err).toContain('input: perplexity refuse odd-text');
    expect((await chat(rails(1e6), 'hello there')).code).toBe(0);
  });
  for (const [what, rails, why] of [
    ['a key that is not there', [{ use: 'classifier', model: { artifact: 'ffffffff.classifier' } }], /ffffffff/],
    [
      'an artifact of another kind',
      () => [{ use: 'classifier', model: { artifact: `${keys['aligned']}.model` } }],
      /model/,
    ],
    ['no reader', [{ use: 'perplexity', ends: 3 }], /'perplexity': wanted "model"/],
    ['no limit', () => [{ use: 'perplexity', model: { artifact: `${keys['aligned']}.model` } }], /depend on the model/],
  ] as const)
    test(`${what} is refused`, async () => {
      const bad = await chat(typeof rails === 'function' ? rails() : rails, 'hello');
      expect(bad.code).toBeGreaterThan(0);
      expect(bad.code).not.toBe(3);
      expect(bad.err).toMatch(why);
    });
});
