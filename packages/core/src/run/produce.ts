// One stage of a run: a hit replays its log; a miss waits for its lock, runs, and writes the manifest last.
import { IngotError } from '../errors.js';
import type { RunEvent } from '../events.js';
import * as messages from '../messages.js';
import { checkMemory, estimateOf } from '../plan/estimate.js';
import { sourceNow } from '../plan/planner.js';
import { readEvents } from '../store/event-log.js';
import { bytesOf, readManifest, type Manifest } from '../store/records.js';
import { address, ARTIFACTS, checkpointSpace, type Store } from '../store/store.js';
import { refsOf, type Node } from '../wiring.js';
import type { Executor, StageJob, StageProduct } from './executor.js';
import { openInputs, perform } from './perform.js';
import { forget } from './saved-state.js';

export interface Production {
  readonly job: StageJob;
  readonly material: string;
  readonly executor: Executor;
  /** Bytes that a stage may need; one that says it needs more is refused before it starts. */
  readonly memory?: number | undefined;
  say(event: RunEvent): void;
}

const replay = async ({ job, say }: Production, manifest: Manifest): Promise<Manifest> => {
  const stage = job.node.id;
  say({ type: 'stage-cached', stage, key: manifest.key });
  for (const event of await readEvents(job.store, ARTIFACTS, manifest.events)) say({ ...event, stage, replayed: true });
  await job.store.put(address.used(manifest.key), { at: Date.now() }).catch(() => {}); // a store that can only be read still serves
  return manifest;
};

/** An output that is `sameAs` an input is of the kind that was given, which only the graph knows. */
const withKinds = ({ stage, inputs }: Node, { outputs }: StageProduct): Manifest['outputs'] =>
  Object.fromEntries(
    Object.entries(outputs).map(([port, output]) => {
      const out = stage.outputs[port]!;
      if (!('sameAs' in out)) return [port, output];
      const { kind } = refsOf(inputs[out.sameAs]!)[0]!;
      return [port, { ...output, kind: kind.name, is: Object.keys(kind.is) }];
    }),
  );

const commit = async (
  store: Store,
  production: Production,
  product: StageProduct,
  began: number,
): Promise<Manifest> => {
  const { job, material } = production;
  const { stage, id } = job.node;
  const manifest: Manifest = {
    key: job.key,
    stage: stage.name,
    version: stage.version,
    plugin: job.world.owners.get(stage.name)?.name ?? '',
    material,
    outputs: withKinds(job.node, product),
    events: product.events,
    about: { ...product.about },
    made: new Date().toISOString(),
    milliseconds: performance.now() - began,
  };
  await store.put(address.artifact(job.key), manifest);
  await store.put(address.latest(job.pipeline, id), material);
  await forget(store, job.key);
  return manifest;
};

/** A run that was killed right after it wrote the manifest left a saved state that nobody needs. Its maker may live and be removing it: then this waits. */
const tidy = async ({ store, key, signal }: StageJob): Promise<void> => {
  const left =
    (await store.get(address.checkpoint(key))) !== undefined || (await store.blobs(checkpointSpace(key))).length > 0;
  if (!left) return;
  const free = await store.lock(`artifact-${key}`, { signal });
  try {
    await forget(store, key);
  } finally {
    await free();
  }
};

/** What was read while it changed belongs to no key: kept under this one, it would be taken for the old content ever after. */
const checkSource = async ({ job, material }: Production): Promise<void> => {
  if (!job.node.stage.fingerprint || job.node.stage.volatile) return;
  const { source } = JSON.parse(material) as { readonly source?: string };
  if ((await sourceNow(job.node)) !== source)
    throw messages.sourceChanged(`Stage '${job.node.id}' of pipeline '${job.pipeline}'`);
};

const make = async (production: Production): Promise<Manifest> => {
  const { job, executor, memory, say } = production;
  const stage = job.node.id;
  const began = performance.now();
  const estimate = job.node.stage.estimate ? await estimateOf(job.world, job.node, await openInputs(job)) : undefined;
  if (memory !== undefined) checkMemory(`Stage '${stage}' of pipeline '${job.pipeline}'`, estimate, memory);
  say({ type: 'stage-start', stage, key: job.key, ...(estimate ? { estimate } : {}) });
  const refusal = executor.refusal(job);
  if (refusal !== undefined) say({ type: 'stage-note', stage, text: `runs in this process: ${refusal}` });
  const product = await (refusal === undefined ? executor.perform(job) : perform(job));
  await checkSource(production);
  const manifest = await commit(job.store, production, product, began);
  say({ type: 'stage-end', stage, key: job.key, milliseconds: manifest.milliseconds, bytes: bytesOf(manifest) });
  return manifest;
};

/** The manifest of the stage, found or made. Of two runs that want one key at once the second waits and finds the first's. */
export const produce = async (production: Production): Promise<Manifest> => {
  const { job, say } = production;
  const { store, key, signal, node } = job;
  const kept = await readManifest(store, key);
  if (kept) {
    await tidy(job).catch(() => {}); // a store that can only be read still serves
    return replay(production, kept);
  }
  const onWait = (holder: string) => say({ type: 'stage-wait', stage: node.id, key, why: `${holder} is making it` });
  const free = await store.lock(`artifact-${key}`, { signal, onWait });
  try {
    const made = await readManifest(store, key);
    if (!made) return await make(production);
    await forget(store, key); // the one that made it may have been killed before it did
    return await replay(production, made);
  } finally {
    await free();
  }
};

/** How a stage's failure is told in the log. */
export const failure = (stage: string, key: string, error: unknown): RunEvent => ({
  type: 'stage-failed',
  stage,
  key,
  code: IngotError.is(error) ? error.code : 'stage-failed',
  why: error instanceof Error ? error.message : String(error),
});
