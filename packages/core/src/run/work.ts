// The work of a run: every stage when what it takes is made, cheap ones side by side, of those that compute one at a time.
import { availableParallelism } from 'node:os';
import { canonical, digest } from '../canonical.js';
import type { RunEvent } from '../events.js';
import type { AnyKind, AnyRef } from '../kind.js';
import * as messages from '../messages.js';
import { keyOf, sourcesOf, type PlanContext } from '../plan/planner.js';
import type { PlanRow } from '../plan/plan-row.js';
import { readOutput } from '../store/artifact.js';
import type { Lease } from '../store/lease.js';
import { readManifest, type Manifest } from '../store/records.js';
import type { Node } from '../wiring.js';
import type { ArtifactAddress, Executor } from './executor.js';
import { failure, produce } from './produce.js';
import { turns } from './turns.js';

export interface Work {
  readonly context: PlanContext;
  readonly rows: readonly PlanRow[];
  readonly executor: Executor;
  readonly lease: Lease;
  readonly signal: AbortSignal;
  readonly memory: number | undefined;
  say(event: RunEvent): void;
}

/** Runs all rows that run; resolves with what opens a result, or throws the first failure when all that could end has ended. */
export const doWork = async ({
  context,
  rows,
  executor,
  lease,
  signal,
  memory,
  say,
}: Work): Promise<(ref: AnyRef) => Promise<unknown>> => {
  const { nodes, store, world, pipeline, seed } = context;
  const computing = turns(1);
  const light = turns(Math.max(2, availableParallelism()));
  const manifests = new Map<string, Promise<Manifest>>();
  const opened = new Map<string, Promise<unknown>>();
  const failures: unknown[] = [];

  const open = (address: ArtifactAddress, kind: AnyKind): Promise<unknown> => {
    const at = `${address.key}.${address.port}`;
    const known = opened.get(at);
    if (known) return known;
    const value = readManifest(store, address.key).then((manifest) => {
      const output = manifest?.outputs[address.port];
      if (!output) throw messages.unknownArtifact(store.name, at, []);
      return readOutput(store, kind, output, `'${at}'`);
    });
    opened.set(at, value);
    return value;
  };
  const addressOf = async (ref: AnyRef): Promise<ArtifactAddress> => ({
    key: (await manifests.get(ref.stage)!).key,
    port: ref.port,
  });

  const afterVolatile = new Set<string>();
  for (const node of nodes.values())
    if (sourcesOf(node).some((id) => afterVolatile.has(id) || nodes.get(id)!.stage.volatile))
      afterVolatile.add(node.id);
  /** After a volatile stage keys follow what it made, so that the same content is a hit again. */
  const settle = async (node: Node, row: PlanRow): Promise<Pick<PlanRow, 'key' | 'material'>> => {
    if (!afterVolatile.has(node.id)) return row;
    const made = new Map(await Promise.all(sourcesOf(node).map(async (id) => [id, await manifests.get(id)!] as const)));
    return keyOf(context, node, ({ stage, port }) => {
      const manifest = made.get(stage)!;
      return nodes.get(stage)!.stage.volatile
        ? `content.${digest(canonical(manifest.outputs[port], port))}`
        : `${manifest.key}.${port}`;
    });
  };

  const runNode = async (node: Node, row: PlanRow): Promise<Manifest> => {
    const before = await Promise.allSettled(sourcesOf(node).map((id) => manifests.get(id)!));
    const broken = sourcesOf(node).find((_, i) => before[i]!.status === 'rejected');
    if (signal.aborted || broken !== undefined) {
      say({
        type: 'stage-skipped',
        stage: node.id,
        why: signal.aborted ? 'the run was cancelled' : messages.skippedAfter(broken!),
      });
      throw signal.aborted ? signal.reason : messages.notNeeded(node.id);
    }
    let key = row.key;
    const endTurn = await (node.stage.computes ? computing : light)();
    try {
      signal.throwIfAborted();
      const settled = await settle(node, row);
      key = settled.key;
      await lease.use([key]);
      const inputs: Record<string, ArtifactAddress | readonly ArtifactAddress[]> = {};
      for (const [port, given] of Object.entries(node.inputs))
        inputs[port] = Array.isArray(given)
          ? await Promise.all(given.map(addressOf))
          : await addressOf(given as AnyRef);
      const tell = (event: Parameters<Parameters<typeof produce>[0]['job']['say']>[0], replayed: boolean) =>
        say({ ...event, stage: node.id, replayed });
      const job = { pipeline, node, key, seed, world, store, inputs, open, signal, say: tell };
      return await produce({ job, material: settled.material, executor, memory, say });
    } catch (error) {
      if (!signal.aborted) failures.push(error);
      say(
        signal.aborted
          ? { type: 'stage-skipped', stage: node.id, why: 'the run was cancelled' }
          : failure(node.id, key, error),
      );
      throw error;
    } finally {
      endTurn();
    }
  };

  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const node of nodes.values()) {
    const row = byId.get(node.id)!;
    if (!row.hit && !row.runs) continue;
    const made = runNode(node, row);
    made.catch(() => {}); // told in the log; the first failure is thrown below
    manifests.set(node.id, made);
  }
  await Promise.allSettled(manifests.values());
  signal.throwIfAborted();
  if (failures.length > 0) throw failures[0];
  return async (ref) => open(await addressOf(ref), ref.kind);
};
