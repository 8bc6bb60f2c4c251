// Replay of pretraining on the reference device: the logged numbers bit for bit, from the beginning and from a checkpoint, and norms as computed by hand.
import { memoryStore, type EventOf, type Replay } from '@ingot/core';
import { gptFamily } from '@ingot/model-gpt';
import { backward, plainWeights, referenceDevice } from '@ingot/tensor';
import { batchLoss, initialParameters, scored, windows } from '@ingot/training';
import { describe, expect, test } from 'vitest';
import { freshProgress } from './progress.js';
import { brief, pipeline, tokens, train, world, type PretrainHow } from './world.fixture.js';

const rowsOf = ({ events }: Replay, title: string) =>
  events.find((event): event is EventOf<'table'> => event.type === 'table' && event.title === title)!.rows;
const texts = ({ events }: Replay) => events.flatMap((event) => (event.type === 'text' ? [event.text] : []));
const norm = (data: Iterable<number>): number => Math.sqrt([...data].reduce((sum, x) => sum + x * x, 0));

describe('a replay', () => {
  test('of every step gives loss, lr and norm of the log bit for bit, and the same each time', async () => {
    const store = memoryStore();
    const made = pipeline(world(), { ...brief, steps: 6 });
    await train(made, { store });
    for (let step = 1; step <= 6; step++) {
      const replay = await made.replay({ store, stage: 'pretrain', step });
      expect(Object.keys(replay.values)).toEqual(['loss', 'lr', 'gradientNorm']);
      expect(replay.logged).toMatchObject(replay.values);
      expect(texts(replay)).toEqual([`Replays step ${step} from the beginning.`]);
      expect(await made.replay({ store, stage: 'pretrain', step })).toEqual(replay);
    }
  });

  test('of a stopped run goes on from its checkpoint, and the run that goes on afterwards logs the same', async () => {
    const store = memoryStore();
    const how: PretrainHow = { ...brief, sampleEvery: 3, sampleTokens: 3, keep: 'best' };
    const made = pipeline(world(), how);
    const run = made.run({ store });
    run.events.subscribe((event) => event.type === 'metric' && event.step === 5 && run.cancel());
    await run.result().catch(() => {});
    const before = await made.replay({ store, stage: 'pretrain', step: 9 });
    expect(texts(before)).toEqual([expect.stringMatching(/^Replays step 9 from the checkpoint of step [56]\.$/)]);
    expect(before.logged).toBeUndefined();
    expect(texts(await made.replay({ store, stage: 'pretrain', step: 3 }))).toEqual([
      'Replays step 3 from the beginning.',
    ]);
    await train(made, { store });
    const after = await made.replay({ store, stage: 'pretrain', step: 9 });
    expect(after.values).toEqual(before.values);
    expect(after.logged).toMatchObject(before.values);
    expect(rowsOf(after, 'Gradients at step 9')).toEqual(rowsOf(before, 'Gradients at step 9'));
  });

  test("tells each parameter's norms and update as computed by hand", async () => {
    const store = memoryStore();
    const seed = 1;
    const made = pipeline(world(), { ...brief, steps: 1, dropout: false, schedule: { use: 'constant' } }, seed);
    const { model, numbers } = await train(made, { store });
    const replay = await made.replay({ store, stage: 'pretrain', step: 1 });

    const device = referenceDevice();
    const { design } = model;
    const parameters = initialParameters(device, gptFamily.parameters(design), seed);
    const batch = windows(tokens().splits.train, { length: 8, order: 'shuffled', seed })(freshProgress(), brief.batch);
    const loss = batchLoss({ device, family: gptFamily, design, weights: plainWeights(parameters) }, batch);
    backward(loss, 1 / scored(batch.targets));

    const rows = rowsOf(replay, 'Gradients at step 1');
    expect(rows.map(({ parameter }) => parameter)).toEqual(parameters.names());
    for (const row of rows) {
      const parameter = parameters.get(String(row['parameter']));
      const weights = [...(parameters.get(parameter.name).read() as Float32Array)];
      const moved = numbers.get(parameter.name)!.map((x, i) => x - weights[i]!);
      expect(row['size']).toBe(parameter.size);
      // double sums of the same fp32 numbers; the scale 1/tokens may be rounded at another place, hence 1e-6
      expect(row['gradient norm']).toBeCloseTo(norm(parameter.gradient!.read()), 6);
      expect(row['weight norm']).toBeCloseTo(norm(weights), 9);
      const ratio = norm(moved) / norm(weights);
      expect(row['update / weight']).toSatisfy((x: number) => x === ratio || Math.abs(x / ratio - 1) < 1e-9);
    }
    const blocks = rowsOf(replay, 'Gradients at step 1, by block');
    expect(blocks.map(({ block }) => block)).toEqual(['wte', 'wpe', 'blocks.0', 'norm', 'all']);
    const all = norm(rows.map((row) => Number(row['gradient norm'])));
    expect(blocks.at(-1)!['gradient norm']).toBeCloseTo(all, 12);
    expect(Math.abs(all / replay.values['gradientNorm']! - 1)).toBeLessThan(1e-6);
    parameters.dispose();
  });

  test('frees what it held, and refuses a step that the run does not have', async () => {
    const store = memoryStore();
    const { ingot, device } = world();
    const made = pipeline({ ingot, device }, { ...brief, steps: 4 });
    await train(made, { store });
    const held = device.memory().bytes;
    await made.replay({ store, stage: 'pretrain', step: 4 });
    expect(device.memory().bytes).toBe(held);
    await expect(made.replay({ store, stage: 'pretrain', step: 5 })).rejects.toMatchObject({
      code: 'bad-input',
      message: "The stage 'pretrain' has 4 steps, and was asked to replay step 5. Ask for one of 1 to 4.",
    });
  });
});
