// One step of a training stage done again, from its checkpoint or its beginning: nothing is written, and the stored log says whether the bits are the same.
import type { Checkpoint } from '../checkpoint.js';
import type { StageEvent } from '../events.js';
import { IngotError, messageOf } from '../errors.js';
import type { AnyRef } from '../kind.js';
import * as messages from '../messages.js';
import { makePlan, needsOf, sourcesOf, type PlanContext } from '../plan/planner.js';
import { readOutput } from '../store/artifact.js';
import { readEvents } from '../store/event-log.js';
import { readManifest, readSaved } from '../store/records.js';
import { ARTIFACTS, checkpointSpace, type Store } from '../store/store.js';
import type { ArtifactAddress, StageJob } from './executor.js';
import { pull, startStage } from './perform.js';
import { readState } from './saved-state.js';

/** What to replay, and from which store. */
export interface ReplayOptions {
  readonly store: Store;
  /** The stage's label in its pipeline. */
  readonly stage: string;
  /** Counted from 1, as the log counts. */
  readonly step: number;
  readonly signal?: AbortSignal;
  /** Hears what the stage says, as it says it. */
  readonly say?: (event: StageEvent) => void;
}
/** A step that was done again. */
export interface Replay {
  readonly key: string;
  /** All that the stage said. */
  readonly events: readonly StageEvent[];
  /** Numbers of that step as this replay has them. */
  readonly values: Readonly<Record<string, number>>;
  /** Numbers of that step in the log that the store keeps; undefined when none was kept. */
  readonly logged: Readonly<Record<string, number>> | undefined;
  /** What the services said about themselves, now and when the log was written: another device, other bits. */
  readonly about: Readonly<Record<string, string>>;
  readonly loggedAbout: Readonly<Record<string, string>> | undefined;
}

const numbersAt = (events: readonly StageEvent[], step: number): Record<string, number> =>
  Object.assign(
    {},
    ...events.flatMap((event) => (event.type === 'metric' && event.step === step ? [event.values] : [])),
  ) as Record<string, number>;

/** The stage's stored log: whole with its artifact, else as far as its checkpoint goes. */
const storedLog = async (store: Store, key: string) => {
  const manifest = await readManifest(store, key);
  if (manifest) return { events: await readEvents(store, ARTIFACTS, manifest.events), about: manifest.about };
  const saved = await readSaved(store, key);
  if (!saved) return undefined;
  const events: StageEvent[] = [];
  for (const segment of saved.events) events.push(...(await readEvents(store, checkpointSpace(key), segment)));
  return { events, about: saved.about };
};

/** A checkpoint that is only read: one made on another device would give other bits and is passed over; saving does nothing. */
const readOnly = (store: Store, key: string, where: string, about: Replay['about']): Checkpoint => ({
  load: () => readState({ store, key, where, about }),
  save: async () => {},
});

/**
 * Runs the stage with `replay: step` in this process. What it takes must be in the store.
 * Throws `unknown-name` for a stage that is not there, `bad-input` for one without steps, a step that cannot be, or inputs that are not made; and what the stage throws.
 */
export const replayStep = async (
  context: PlanContext,
  { stage: id, step, signal = new AbortController().signal, say }: ReplayOptions,
): Promise<Replay> => {
  const { pipeline, nodes, store, world, seed } = context;
  const node = nodes.get(id);
  if (!node) throw messages.noSuchStage(pipeline, id, [...nodes.keys()]);
  const where = `Stage '${id}' of pipeline '${pipeline}'`;
  if (!node.stage.replays) {
    const able = [...nodes.values()].flatMap((other) => (other.stage.replays ? [`'${other.id}'`] : []));
    throw messages.cannotReplay(where, able);
  }
  if (!Number.isInteger(step) || step < 1) throw messages.badReplayStep(where, step);

  const rows = new Map((await makePlan(context)).map((row) => [row.id, row]));
  const missing = sourcesOf(node).filter((source) => !rows.get(source)!.hit);
  if (missing.length > 0) throw messages.replayWithoutInputs(where, missing);
  const { key } = rows.get(id)!;
  const addressOf = (ref: AnyRef): ArtifactAddress => ({ key: rows.get(ref.stage)!.key, port: ref.port });
  const inputs: StageJob['inputs'] = Object.fromEntries(
    Object.entries(node.inputs).map(([port, given]) => [
      port,
      Array.isArray(given) ? given.map(addressOf) : addressOf(given as AnyRef),
    ]),
  );
  const job: StageJob = {
    pipeline,
    node,
    key,
    seed,
    world,
    store,
    inputs,
    signal,
    say: (event) => say?.(event),
    async open(address, kind) {
      const at = `'${address.key}.${address.port}'`;
      const output = (await readManifest(store, address.key))?.outputs[address.port];
      if (!output) throw messages.unknownArtifact(store.name, address.key, []);
      return readOutput(store, kind, output, at);
    },
  };
  const log = { events: [] as StageEvent[], say: job.say };
  try {
    const about = await world.services.about(needsOf(node), where);
    const logged = await storedLog(store, key);
    await pull(await startStage(job, readOnly(store, key, where, about), step), log, job, where);
    const values = numbersAt(log.events, step);
    if (Object.keys(values).length === 0) throw messages.noSuchStep(where, step);
    const before = logged && numbersAt(logged.events, step);
    return {
      key,
      events: log.events,
      values,
      logged: before && Object.keys(before).length > 0 ? before : undefined,
      about,
      loggedAbout: logged?.about,
    };
  } catch (error) {
    if (signal.aborted) throw messages.cancelled(pipeline, messageOf(signal.reason));
    throw IngotError.is(error) ? error : messages.stageFailed(where, error);
  }
};
