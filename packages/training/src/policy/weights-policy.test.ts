// Full and partial training are the same mechanism: what is frozen keeps its bits, has no gradient, no moments, no place in a checkpoint.
import { referenceDevice } from '@ingot/tensor';
import { openSafetensors } from '@ingot/formats';
import { expect, test } from 'vitest';
import { adamw } from '../optimisers.js';
import { packState } from '../state.js';
import { family, numbersOf, tinyModel } from './gpt.fixture.js';
import { openPolicy } from './index.js';
import { gradients, logitsOf, lossOf, train } from './world.fixture.js';

const model = tinyModel();
const names = Object.keys(model.tensors);
const open = (trains: Parameters<typeof openPolicy>[0]['trains'], device = referenceDevice()) =>
  openPolicy({ device, family, model, trains, seed: 3 });

const cases = [
  { trains: {}, frozen: () => false },
  { trains: { freeze: ['blocks.0.*', 'wte.*'] }, frozen: (name: string) => /^(blocks\.0\.|wte\.)/.test(name) },
  {
    trains: { only: ['blocks.1.mlp.*', 'norm.*'] },
    frozen: (name: string) => !/^(blocks\.1\.mlp\.|norm\.)/.test(name),
  },
];
test.each(cases)('$trains: what moves and what stays', async ({ trains, frozen }) => {
  const device = referenceDevice();
  const policy = await open(trains, device);
  const learns = names.filter((name) => !frozen(name));
  expect(policy.parameters.names()).toEqual(learns);
  expect(policy.reference).toBeUndefined();
  expect(policy.adapter()).toBeUndefined();
  expect([...gradients(policy).keys()]).toEqual(learns);
  const before = await numbersOf(model);
  const loss = lossOf(policy.live);
  const moments = train(policy, 3, 0.01);
  expect(lossOf(policy.still)).toBeLessThan(loss);
  expect(new Set(moments.map((name) => name.replace(/\.(first|second)$/, '')))).toEqual(new Set(learns));

  const result = policy.result();
  const after = await numbersOf(result);
  for (const name of names) {
    if (frozen(name)) expect(after[name], name).toEqual(before[name]);
    else expect(after[name], name).not.toEqual(before[name]);
  }
  // The weights on the device are those that come out: nothing frozen moved there either.
  const again = await openPolicy({ device, family, model: result, trains: {}, seed: 0 });
  expect(logitsOf(again.live)).toEqual(logitsOf(policy.live));
  again.dispose();
  policy.dispose();
  expect(device.memory().arrays).toBe(0);
});

test('a checkpoint holds what learns and nothing else', async () => {
  const policy = await open({ only: ['norm.*'] });
  const optimiser = adamw().start(policy.parameters);
  gradients(policy);
  optimiser.step(1, 1);
  const chunks: Uint8Array[] = [];
  for await (const chunk of packState(policy.parameters, optimiser)) chunks.push(chunk);
  const file = await openSafetensors(Buffer.concat(chunks));
  expect([...file.tensors.keys()].sort()).toEqual(
    ['norm.bias', 'norm.weight']
      .flatMap((name) => [`optimiser/${name}.first`, `optimiser/${name}.second`, `parameter/${name}`])
      .sort(),
  );
  optimiser.dispose();
  policy.dispose();
});

test('a head beside the family: initialised from the seed, read back from a model that has it, and it learns with `only`', async () => {
  const extra = [{ name: 'reward.weight', shape: [1, 8], init: { kind: 'normal', std: 0.5 } }] as const;
  const request = { device: referenceDevice(), family, seed: 3, extra };
  const first = await openPolicy({ ...request, model, trains: { only: ['norm.*'] } });
  expect(first.parameters.names()).toEqual(['norm.weight', 'norm.bias', 'reward.weight']);
  const head = [...first.parameters.get('reward.weight').read()];
  expect(head.some((x) => x !== 0)).toBe(true);
  const made = first.result();
  expect(made.tensors['reward.weight']).toEqual({ shape: [1, 8], dtype: 'f32' });
  first.dispose();

  const again = await openPolicy({ ...request, model: made, seed: 4, trains: { adapter: { rank: 2 } } });
  expect([...again.parameters.get('reward.weight').read()]).toEqual(head);
  expect(Object.keys(again.result().tensors)).toContain('reward.weight');
  again.dispose();
  const wider = [{ ...extra[0], shape: [2, 8] }];
  await expect(openPolicy({ ...request, model: made, extra: wider, trains: {} })).rejects.toThrow(
    /'reward.weight' is \(1, 8\), wanted \(2, 8\)/,
  );
});

test.each([
  [{ freeze: ['block.*'] }, /'freeze': the pattern 'block\.\*' matches nothing.*wte\.weight/s],
  [{ only: ['mlp'] }, /'only': the pattern 'mlp' matches nothing/],
  [{ freeze: ['*'] }, /leaves nothing to learn/],
  [{ freeze: ['wte.*'], only: ['wpe.*'] }, /exclude each other/],
  [{ adapter: {}, freeze: ['wte.*'] }, /With an adapter the whole model stays/],
  [{ adapter: { rank: 0 } }, /rank/],
  [{ adapter: { targets: ['*.qkw'] } }, /matches nothing/],
  [{ adapter: { targets: ['wte'] } }, /the head 'wte' is tied to the embedding/],
  [{ adapter: { targets: ['wpe'] } }, /wpe are tables that are looked up by id/],
  [{ adapter: { modulesToSave: ['*.mlp.up'] } }, /both name blocks\.0\.mlp\.up, blocks\.1\.mlp\.up/],
  [{ adapter: { rankPattern: { 'wte*': 2 } } }, /'adapter.rankPattern'.*matches nothing/],
])('%o is refused, and nothing stays on the device', async (trains, words) => {
  const device = referenceDevice();
  await expect(open(trains, device)).rejects.toThrow(words);
  expect(device.memory().arrays).toBe(0);
});
