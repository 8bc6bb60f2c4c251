// The loop on a function small enough to know: what is seen, kept, stopped and resumed.
import { IngotError, type Checkpoint, type Json, type SavedState, type StageEvent } from '@ingot/core';
import { backward, mean, ParameterTree, referenceDevice, scope, square, sub, tensor } from '@ingot/tensor';
import { expect, test } from 'vitest';
import { adamw } from '../optimisers.js';
import { linear } from '../schedules.js';
import { fineTune, type Objective, type TuneContext, type Tuned } from './fine-tune.js';
import { stepsOf } from './options.js';
import { rowOrder } from './row-order.js';

const device = referenceDevice();
const memoryCheckpoint = (): Checkpoint & { saves: number } => {
  let held: { meta: Json; blobs: Map<string, Uint8Array> } | undefined;
  const self = {
    saves: 0,
    async load(): Promise<SavedState | undefined> {
      const now = held;
      return now && { meta: now.meta, blob: async (name) => now.blobs.get(name)! };
    },
    async save(meta: Json, blobs: Readonly<Record<string, Uint8Array | AsyncIterable<Uint8Array>>> = {}) {
      const read = new Map<string, Uint8Array>();
      for (const [name, content] of Object.entries(blobs)) {
        const chunks: Uint8Array[] = [];
        if (content instanceof Uint8Array) chunks.push(content);
        else for await (const chunk of content) chunks.push(Uint8Array.from(chunk));
        read.set(name, Buffer.concat(chunks));
      }
      held = { meta: JSON.parse(JSON.stringify(meta)) as Json, blobs: read };
      self.saves++;
    },
  };
  return self;
};
/** Rows are numbers; the one parameter walks to their mean. */
const rows = [1, 2, 3, 4, 5, 6, 7];
const world = () => {
  const parameters = ParameterTree.create(device, [{ name: 'centre', shape: [1] }]);
  const seen: number[][] = [];
  const objective: Objective = {
    rows: rows.length,
    gradients(chosen) {
      seen.push([...chosen]);
      return scope(() => {
        const target = tensor(
          device,
          chosen.map((row) => rows[row]!),
          [chosen.length],
        );
        const loss = mean(square(sub(parameters.get('centre'), target)));
        const value = loss.item();
        backward(loss);
        return { loss: value, tokens: chosen.length, values: { centre: parameters.get('centre').item() } };
      });
    },
  };
  return { parameters, objective, seen };
};
const context = (parameters: ParameterTree, over: Partial<TuneContext['options'] & TuneContext> = {}): TuneContext => ({
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
    ...over,
  },
  view: { logEvery: 1, checkpointEvery: 3, anomaly: false, spikeFactor: 4, spikePatience: 20 },
  seed: 5,
  signal: new AbortController().signal,
  checkpoint: memoryCheckpoint(),
  ...over,
});
const drain = async (run: AsyncGenerator<StageEvent, Tuned, void>): Promise<{ events: StageEvent[]; tuned: Tuned }> => {
  const events: StageEvent[] = [];
  for (;;) {
    const next = await run.next();
    if (next.done) return { events, tuned: next.value };
    events.push(next.value);
  }
};
const timeless = (events: readonly StageEvent[]) =>
  events
    .filter(({ type }) => type !== 'table')
    .map((event) =>
      event.type === 'metric'
        ? {
            ...event,
            values: Object.fromEntries(
              Object.entries(event.values).filter(
                ([name]) => !/^(tokensPerSecond|millisecondsPerStep|etaSeconds)$/.test(name),
              ),
            ),
          }
        : event,
    );

test('steps: given, or epochs of whole and begun batches', () => {
  expect(stepsOf({ steps: undefined, epochs: 4, batch: 2 }, 7)).toBe(14);
  expect(stepsOf({ steps: undefined, epochs: 0.1, batch: 8 }, 7)).toBe(1);
  expect(stepsOf({ steps: 3, epochs: 4, batch: 2 }, 7)).toBe(3);
});

test('every epoch visits each row once, in an order of its own', () => {
  const order = rowOrder(7, 5);
  const epochs = [order(0, 7), order(7, 7)];
  for (const epoch of epochs) expect([...epoch].toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(epochs[0]).not.toEqual(epochs[1]);
  expect(rowOrder(7, 5)(5, 4)).toEqual([...epochs[0]!.slice(5), ...epochs[1]!.slice(0, 2)]);
});

test('it learns, and says what it did', async () => {
  const { parameters, objective, seen } = world();
  const { events, tuned } = await drain(fineTune(objective, context(parameters, { epochs: 40 })));
  expect(tuned).toEqual({ steps: 140 });
  expect(seen).toHaveLength(140);
  expect(Math.abs(parameters.get('centre').item() - 4)).toBeLessThan(0.5);
  expect(events[0]).toMatchObject({
    type: 'text',
    text: expect.stringContaining('1 parameters for 140 steps of 2 of 7 rows: 40.00 epochs'),
  });
  expect(events.filter(({ type }) => type === 'metric')).toHaveLength(140);
});

test('cancelled anywhere and started again: the same log and the same bits', async () => {
  const whole = world();
  const undisturbed = await drain(fineTune(whole.objective, context(whole.parameters)));
  for (const at of [1, 4, 9]) {
    const checkpoint = memoryCheckpoint();
    const first = world();
    const stop = new AbortController();
    const told: StageEvent[] = [];
    const run = fineTune(first.objective, context(first.parameters, { checkpoint, signal: stop.signal }));
    await expect(
      (async () => {
        for await (const event of run) {
          told.push(event);
          if (event.type === 'metric' && event.step === at) stop.abort(new Error('enough'));
        }
      })(),
    ).rejects.toThrow('enough');
    expect(checkpoint.saves).toBeGreaterThan(0);
    const second = world();
    const rest = await drain(fineTune(second.objective, context(second.parameters, { checkpoint })));
    expect(timeless([...told, ...rest.events])).toEqual(timeless(undisturbed.events));
    expect(second.parameters.get('centre').read()).toEqual(whole.parameters.get('centre').read());
  }
});

test('a tripwire warns once with cause and remedies; another ends the run in order', async () => {
  const { parameters, objective } = world();
  const wire = { value: 'centre', patience: 2, cause: 'It walks', remedies: ['stand still'] };
  const tripwires = [
    { ...wire, name: 'early', above: 0.5, action: 'warn' as const },
    { ...wire, name: 'late', above: 1.5, action: 'stop' as const },
  ];
  const { events, tuned } = await drain(fineTune({ ...objective, tripwires }, context(parameters)));
  const warnings = events.flatMap((event) => (event.type === 'warning' ? [event.text] : []));
  expect(warnings).toHaveLength(2);
  expect(warnings[0]).toMatch(
    /^Tripwire 'early' at step \d+: centre is .*, above 0.5 for 2 readings in a row\. It walks\. Try: stand still\.$/,
  );
  expect(tuned.stopped).toContain("Tripwire 'late'");
  expect(tuned.steps).toBeLessThan(14);
});

test('keep best puts back the weights of the best evaluation; an evaluation may stop the run', async () => {
  const { parameters, objective } = world();
  const at: number[] = [];
  const evaluate = (step: number) => {
    at.push(parameters.get('centre').item());
    return { values: { distance: step }, score: Math.abs(step - 4), ...(step >= 8 ? { stop: 'no better' } : {}) };
  };
  const { tuned } = await drain(
    fineTune({ ...objective, evaluate }, context(parameters, { keep: 'best', evalEvery: 2 })),
  );
  expect(tuned).toEqual({ steps: 8, stopped: 'no better', bestStep: 4 });
  expect(parameters.get('centre').item()).toBe(at[2]);
});

test('no rows and a number that goes wrong are refused, with the reason', async () => {
  const { parameters, objective } = world();
  await expect(drain(fineTune({ ...objective, rows: 0 }, context(parameters)))).rejects.toMatchObject({
    code: 'bad-input',
  });
  parameters.get('centre').load(Float32Array.of(1e30));
  const error: unknown = await drain(fineTune(objective, context(parameters))).catch((caught: unknown) => caught);
  expect(IngotError.is(error) && error.code).toBe('bad-numbers');
  expect((error as Error).message).toMatch(
    /stage 'test' stopped at step 1: the loss is Infinity\. The first op that made it: /,
  );
  expect(parameters.get('centre').item()).toBeCloseTo(1e30, -25);
});
