// The plan: every stage's key, whether the store has it, and why not; made before any work.
import type { AnyRef } from './artifacts.js';
import { canonical, digest } from './canonical.js';
import type { Node } from './graph.js';
import { partNeeds } from './parts.js';
import type { Services } from './services.js';
import { artifactAt, latestAt, type Store } from './store.js';

export interface PlanRow { readonly id: string; readonly stage: string; readonly key: string; readonly hit: boolean; readonly why: string; readonly material: string }

const leaves = (value: unknown, path = ''): [string, string][] =>
  typeof value === 'object' && value !== null && Object.keys(value).length ? Object.entries(value).flatMap(([k, v]) => leaves(v, path ? `${path}.${k}` : k)) : [[path, JSON.stringify(value)]];

/** "options.beta: 0.1 → 0.2": what changed since this stage of this pipeline was last kept. */
const difference = (before: string, after: string): string => {
  const [old, now] = [before, after].map((text) => new Map(leaves(JSON.parse(text)))) as [Map<string, string>, Map<string, string>];
  const changed = [...new Set([...old.keys(), ...now.keys()])].filter((path) => old.get(path) !== now.get(path));
  return changed.map((path) => (path.startsWith('inputs.') ? `${path} changed` : `${path}: ${old.get(path) ?? 'absent'} → ${now.get(path) ?? 'absent'}`)).join('; ');
};

export async function makePlan(pipeline: string, nodes: ReadonlyMap<string, Node>, services: Services, seed: number, store: Store): Promise<PlanRow[]> {
  const rows = new Map<string, PlanRow>();
  const keyOf = (ref: AnyRef) => `${rows.get(ref.stage)!.key}.${ref.port}`;
  for (const { id, stage, inputs, options, view } of nodes.values()) {
    const where = `Stage '${id}' of pipeline '${pipeline}'`;
    const needs = Object.assign({}, ...partNeeds(options).flatMap((n) => Object.values(n)).map((t, i) => ({ [`part${i}`]: t })), stage.needs);
    const material = canonical({
      stage: stage.name, version: stage.version, options, seed,
      inputs: Object.fromEntries(Object.entries(inputs).map(([port, ref]) => [port, Array.isArray(ref) ? ref.map(keyOf) : keyOf(ref as AnyRef)])),
      services: services.fingerprints(needs, where),
      source: await stage.fingerprint?.({ ...(options as object), ...(view as object) } as never),
    }, where);
    const key = digest(material);
    const hit = (await store.get(artifactAt(key))) !== undefined;
    const last = (await store.get(latestAt(pipeline, id))) as string | undefined;
    const why = hit ? 'kept in the store' : last === undefined ? 'never run' : last === material ? 'no longer in the store' : difference(last, material);
    rows.set(id, { id, stage: stage.name, key, hit, why, material });
  }
  return [...rows.values()];
}
