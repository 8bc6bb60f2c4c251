// Replay in the loop of all tuning stages: the numbers of the run again, from the beginning and from a checkpoint, with the gradient's table.
import type { Checkpoint, EventOf, Json, SavedState, StageEvent } from '@ingot/core';
import { backward, mean, ParameterTree, referenceDevice, scope, square, sub, tensor } from '@ingot/tensor';
import { expect, test } from 'vitest';
import { replayAt } from '../gradient-table.js';
import { adamw } from '../optimisers.js';
import { linear } from '../schedules.js';
import { fineTune, type Objective, type TuneContext } from './fine-tune.js';

const device = referenceDevice();
const rows = [1, 2, 3, 4, 5, 6, 7];
/** The one parameter walks to the rows' mean. */
const tune = async (checkpoint: Checkpoint, replay?: number): Promise<StageEvent[]> => {
  const parameters = ParameterTree.create(device, [{ name: 'centre', shape: [1] }]);
  parameters.get('centre').load(Float32Array.of(1));
  const objective: Objective = {
    rows: rows.length,
    gradients: (chosen) =>
      scope(() => {
        const targets = Float32Array.from(chosen, (row) => rows[row]!);
        const loss = mean(square(sub(parameters.get('centre'), tensor(device, targets, [targets.length]))));
        const value = loss.item();
        backward(loss);
        return { loss: value, tokens: chosen.length };
      }),
  };
  const context: TuneContext = {
    stage: 'test',
    device,
    policy: { parameters },
    options: {
      epochs: 4,
      batch: 2,
      optimiser: adamw({ lr: 0.3, weightDecay: 0 }),
      schedule: linear({ warmupFraction: 0.1, floor: 0 }),
      clip: 1,
      keep: 'last',
    },
    view: { logEvery: 2, checkpointEvery: 5, anomaly: false, spikeFactor: 100, spikePatience: 10 },
    seed: 3,
    signal: new AbortController().signal,
    checkpoint,
    ...replayAt(replay),
  };
  const events: StageEvent[] = [];
  try {
    for await (const event of fineTune(objective, context)) events.push(event);
  } finally {
    parameters.dispose();
  }
  return events;
};
const numbersAt = (events: readonly StageEvent[], step: number) => {
  const found = events.find((event): event is EventOf<'metric'> => event.type === 'metric' && event.step === step)!;
  const { loss, lr, gradientNorm } = found.values;
  return { loss, lr, gradientNorm };
};
const none: Checkpoint = { load: async () => undefined, save: async () => {} };

test('from the beginning and from the last checkpoint a step has the numbers of the run, logged or not, and saves nothing', async () => {
  const states: SavedState[] = [];
  const whole = await tune({
    load: async () => undefined,
    async save(meta: Json, blobs = {}) {
      const read = new Map<string, Uint8Array>();
      for (const [name, content] of Object.entries(blobs)) {
        const chunks: Uint8Array[] = [];
        for await (const chunk of content as AsyncIterable<Uint8Array>) chunks.push(Uint8Array.from(chunk));
        read.set(name, Buffer.concat(chunks));
      }
      const kept = JSON.parse(JSON.stringify(meta)) as Json;
      states.push({ meta: kept, blob: async (name) => read.get(name)! });
    },
  });
  expect(states).toHaveLength(2);
  const readOnly: Checkpoint = {
    load: async () => states.at(-1),
    save: async () => expect.unreachable('a replay saved'),
  };
  for (const step of [2, 12]) {
    const fresh = await tune(none, step);
    const resumed = await tune(readOnly, step);
    expect(numbersAt(fresh, step)).toEqual(numbersAt(whole, step));
    expect(numbersAt(resumed, step)).toEqual(numbersAt(whole, step));
    const steps = (events: readonly StageEvent[]) => events.filter((event) => event.type === 'metric').length;
    expect(steps(resumed)).toBe(step === 12 ? 1 : steps(fresh)); // step 12 goes on from step 10
  }
  expect(numbersAt(await tune(none, 11), 11).loss).toBeGreaterThan(0);
});

test('the table has the gradient before clipping, and the update', async () => {
  const events = await tune(none, 1);
  const table = events.find(
    (event): event is EventOf<'table'> => event.type === 'table' && event.title === 'Gradients at step 1',
  )!;
  expect(table.rows).toHaveLength(1);
  const { gradientNorm, lr } = numbersAt(events, 1);
  expect(gradientNorm).toBeGreaterThan(1); // so that clipping at 1 would show
  expect(table.rows[0]).toMatchObject({ parameter: 'centre', 'gradient norm': gradientNorm, 'weight norm': 1 });
  // AdamW's first step is lr in the direction of the gradient, but for its epsilon
  expect(table.rows[0]!['update / weight']).toBeCloseTo(lr!, 5);
});
