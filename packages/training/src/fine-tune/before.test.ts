// What the loop waits for before a step: several updates on the same rows, a memory that a checkpoint keeps, events in order, and a cancel in the middle of the wait.
import { text, type Checkpoint, type Json, type SavedState, type StageEvent } from '@ingot/core';
import { backward, mean, ParameterTree, referenceDevice, scope, square, sub, tensor } from '@ingot/tensor';
import { expect, test } from 'vitest';
import { sgd } from '../optimisers.js';
import { constant } from '../schedules.js';
import { fineTune, type Objective, type TuneContext } from './fine-tune.js';

const device = referenceDevice();
const kept = (): Checkpoint => {
  let held: SavedState | undefined;
  return {
    load: async () => held,
    async save(meta: Json, blobs = {}) {
      const read = new Map<string, Uint8Array>();
      for (const [name, content] of Object.entries(blobs)) {
        const chunks: Uint8Array[] = [];
        for await (const chunk of content as AsyncIterable<Uint8Array>) chunks.push(Uint8Array.from(chunk));
        read.set(name, Buffer.concat(chunks));
      }
      held = { meta: structuredClone(meta), blob: async (name) => read.get(name)! };
    },
  };
};
/** A target is looked up before every second step, and the parameter walks to it: the target is a function of where it stands. */
const tune = async (checkpoint: Checkpoint, stopAt?: number) => {
  const parameters = ParameterTree.create(device, [{ name: 'centre', shape: [1] }]);
  const stop = new AbortController();
  const seen: (readonly number[])[] = [];
  const objective: Objective = {
    rows: 5,
    updates: 2,
    guarded: false,
    async before(rows, { step }) {
      seen.push(rows);
      if (step === stopAt) stop.abort(new Error('enough'));
      stop.signal.throwIfAborted();
      if (step % 2 === 1) return {};
      await Promise.resolve();
      const target = parameters.get('centre').item() + rows[0]! + 1;
      return { memory: { target }, events: [text(`target of step ${step}`)] };
    },
    gradients: (_, { memory }) =>
      scope(() => {
        const { target } = memory as { target: number };
        const loss = mean(square(sub(parameters.get('centre'), tensor(device, [target], [1]))));
        const value = loss.item();
        backward(loss);
        return { loss: value - 1000, tokens: 1 }; // any value is good
      }),
    evaluate: (step, memory) => ({
      values: { remembered: (memory as { target?: number } | null)?.target ?? -1, at: step },
    }),
  };
  const context: TuneContext = {
    stage: 'test',
    device,
    policy: { parameters },
    options: {
      epochs: 2,
      batch: 2,
      evalEvery: 4,
      optimiser: sgd({ lr: 0.25 }),
      schedule: constant({ warmupFraction: 0 }),
      clip: null,
      keep: 'last',
    },
    view: { logEvery: 1, checkpointEvery: 3, anomaly: false, spikeFactor: 4, spikePatience: 1 },
    seed: 3,
    signal: stop.signal,
    checkpoint,
  };
  const events: StageEvent[] = [];
  try {
    for await (const event of fineTune(objective, context)) events.push(event);
    return { events, seen, end: parameters.get('centre').item() };
  } catch (error) {
    if (!(error instanceof Error) || error.message !== 'enough') throw error;
    return { events, seen, end: undefined };
  } finally {
    parameters.dispose();
  }
};

test('two epochs of rows, each batch learnt twice; a step sees what was made for it', async () => {
  const { events, seen, end } = await tune(kept());
  expect(seen).toHaveLength(10); // ⌈2 · 5 / 2⌉ batches, twice
  for (let step = 0; step < 10; step += 2) expect(seen[step + 1]).toEqual(seen[step]);
  const said = events.flatMap((event) => (event.type === 'text' ? [event.text] : []));
  expect(said[0]).toMatch(/for 10 steps of 2 of 5 rows: 2\.00 epochs/);
  expect(said.slice(1)).toEqual([0, 2, 4, 6, 8].map((step) => `target of step ${step}`));
  expect(end).toBeGreaterThan(0);
  const remembered = events.flatMap((event) =>
    event.type === 'metric' && event.values['remembered'] !== undefined ? [event.values['remembered']] : [],
  );
  expect(remembered[0]).toBe(-1);
  expect(remembered.at(-1)).toBeGreaterThan(0);
});
test('cancelled in the wait, before a round and in the middle of one: the same bits', async () => {
  const whole = await tune(kept());
  for (const at of [1, 4, 5, 7]) {
    const checkpoint = kept();
    expect((await tune(checkpoint, at)).end).toBeUndefined();
    const rest = await tune(checkpoint);
    expect(rest.seen).toHaveLength(10 - at); // it goes on where it was
    expect(rest.end).toBe(whole.end);
  }
});
