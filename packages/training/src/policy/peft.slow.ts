// PEFT itself loads folders that were written here: equal logits, adapter on and merged, and its own count of what learns.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gptFamily } from '@ingot/model-gpt';
import { referenceDevice } from '@ingot/tensor';
import { tokenizerValue } from '@ingot/text';
import { afterAll, expect, test } from 'vitest';
import { readModelFolder } from '../read-model-folder.js';
import { openPolicy, writeAdapterFolder, type TrainableOptions } from './index.js';
import { logitsOf, train } from './world.fixture.js';

const python = process.env['INGOT_PEFT_PYTHON'];
const root = fileURLToPath(new URL('../../../../', import.meta.url));
const model = await readModelFolder(join(root, 'tests/data/tiny-random-gpt2'), {
  families: [gptFamily],
  tokenizerValue,
});
const rows = [
  Array.from({ length: 12 }, (_, t) => (37 * t + 5) % 1000),
  Array.from({ length: 12 }, (_, t) => (t * t + 3 * t + 11) % 1000),
];
const ids = Int32Array.from(rows.flat());
const folder = await mkdtemp(join(tmpdir(), 'ingot-peft-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

interface PeftSays {
  readonly trainable: number;
  readonly all: number;
  readonly first: readonly number[];
  readonly merged: readonly number[];
}
const cases: Readonly<Record<string, NonNullable<TrainableOptions['adapter']>>> = {
  lora: { rank: 3, alpha: 5, rankPattern: { '*.up': 2 }, alphaPattern: { 'blocks.1.*': 7 } },
  rslora: { rank: 4, rslora: true, targets: ['*.qkv'], modulesToSave: ['norm', 'wpe'] },
  dora: { rank: 2, dora: true, targets: ['*.attention.*', '*.down'] },
};
// Where no Python with peft is named, there is nothing to compare with: INGOT_PEFT_PYTHON names one.
test.skipIf(python === undefined).each(Object.keys(cases))('%s', async (name) => {
  const policy = await openPolicy({
    device: referenceDevice(),
    family: gptFamily,
    model,
    trains: { adapter: cases[name]! },
    seed: 7,
  });
  train(policy, 3);
  const out = join(folder, name);
  await writeAdapterFolder(out, policy.adapter()!, { family: gptFamily, design: model.design });
  const script = join(root, 'bench/peers/peft_adapters.py');
  const { stdout } = await promisify(execFile)(python!, [script, 'check', out], { maxBuffer: 1 << 26 });
  const says = JSON.parse(stdout) as PeftSays;
  expect({ trainable: says.trainable, all: says.all }).toEqual(policy.counts);
  const logits = logitsOf(policy.still, { ids, targets: ids, rows: 2, length: 12 });
  const ours = Array.from({ length: 24 }, (_, t) => Array.from(logits.subarray(t * 1000, t * 1000 + 4))).flat();
  ours.forEach((x, i) => {
    // fp32 logits of size 0.2
    expect(Math.abs(x - says.first[i]!)).toBeLessThan(1e-5);
    expect(Math.abs(x - says.merged[i]!)).toBeLessThan(1e-5);
  });
});
