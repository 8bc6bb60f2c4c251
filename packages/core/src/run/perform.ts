// One stage from its inputs to stored content, in whatever process this is.
import { setImmediate as breathe } from 'node:timers/promises';
import type { Checkpoint } from '../checkpoint.js';
import { makeParts } from '../choice.js';
import { checkEvent } from '../event-schemas.js';
import type { StageEvent } from '../events.js';
import { IngotError } from '../errors.js';
import * as messages from '../messages.js';
import { needsOf } from '../plan/planner.js';
import { inputPort } from '../ports.js';
import { writeOutput } from '../store/artifact.js';
import { writeEvents } from '../store/event-log.js';
import type { OutputRecord } from '../store/records.js';
import { ARTIFACTS } from '../store/store.js';
import type { Needs } from '../token.js';
import type { ArtifactAddress, StageJob, StageProduct } from './executor.js';
import { savedState, type StageLog } from './saved-state.js';

/** The values behind the inputs' addresses: read-only handles, whose tensors are not read yet. */
export const openInputs = async ({ node, inputs, open }: StageJob): Promise<Record<string, unknown>> => {
  const values = Object.entries(inputs).map(async ([port, given]) => {
    const { kind } = inputPort(node.stage.inputs[port]!);
    const value = Array.isArray(given)
      ? await Promise.all(given.map((one: ArtifactAddress) => open(one, kind)))
      : await open(given as ArtifactAddress, kind);
    return [port, value] as const;
  });
  return Object.fromEntries(await Promise.all(values));
};

/** The stage, made ready: parts and services made, inputs opened. Nothing of it has run yet. */
export const startStage = async (
  job: StageJob,
  checkpoint: Checkpoint,
  replay?: number,
): Promise<AsyncGenerator<StageEvent, object, void>> => {
  const { stage, options, view } = job.node;
  const resolve = (needs: Needs) => job.world.services.resolve(needs);
  return stage.run({
    inputs: await openInputs(job),
    options: await makeParts(options, resolve),
    view,
    services: await resolve(stage.needs),
    seed: job.seed,
    signal: job.signal,
    checkpoint,
    replay,
  } as never);
};

/** Pulls the stage step by step; its own `finally` runs on every path. */
export const pull = async (
  steps: AsyncGenerator<StageEvent, object, void>,
  log: StageLog,
  job: StageJob,
  where: string,
): Promise<Readonly<Record<string, unknown>>> => {
  try {
    for (;;) {
      const step = await steps.next();
      job.signal.throwIfAborted();
      if (step.done) return (step.value ?? {}) as Record<string, unknown>;
      const event = checkEvent(step.value, job.world.events, where);
      log.events.push(event);
      log.say(event, false);
      await breathe(); // one turn of the loop, so that a cancel can arrive between two synchronous steps
      job.signal.throwIfAborted();
    }
  } finally {
    await steps.return(undefined as never);
  }
};

const writeOutputs = async (
  job: StageJob,
  values: Readonly<Record<string, unknown>>,
  where: string,
): Promise<Record<string, OutputRecord>> => {
  const { stage } = job.node;
  const outputs: Record<string, OutputRecord> = {};
  for (const [port, out] of Object.entries(stage.outputs)) {
    if (values[port] === undefined) throw messages.missingOutput(where, port, Object.keys(stage.outputs));
    const kind = 'sameAs' in out ? inputPort(stage.inputs[out.sameAs]!).kind : out; // a narrower kind has the same codec
    outputs[port] = await writeOutput(job.store, kind, values[port], `${where}, output '${port}'`);
  }
  return outputs;
};

/** Runs the stage and stores what it made. Throws `cancelled`, an author's IngotError as it is, or `stage-failed` with the cause. */
export const perform = async (job: StageJob, mayWrite?: () => void): Promise<StageProduct> => {
  const { pipeline, node, key, world, store, signal } = job;
  const where = `Stage '${node.id}' of pipeline '${pipeline}'`;
  const log: StageLog = { events: [], say: job.say };
  try {
    signal.throwIfAborted();
    const about = await world.services.about(needsOf(node), where);
    const checkpoint = savedState({ store, key, where, about, log, ...(mayWrite ? { mayWrite } : {}) });
    const values = await pull(await startStage(job, checkpoint), log, job, where);
    const outputs = await writeOutputs(job, values, where);
    return { outputs, events: await writeEvents(store, ARTIFACTS, log.events), about };
  } catch (error) {
    if (signal.aborted) throw signal.reason as Error;
    throw IngotError.is(error) ? error : messages.stageFailed(where, error);
  }
};
