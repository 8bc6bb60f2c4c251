// The plan: every stage's key, whether the store has it, and why not; made before any work.
import { randomUUID } from 'node:crypto';
import { digest } from '../canonical.js';
import { chosenParts, Ready } from '../choice.js';
import { readOutput } from '../store/artifact.js';
import { readManifest, type Manifest } from '../store/records.js';
import { address, type Store } from '../store/store.js';
import type { AnyRef } from '../kind.js';
import { refsOf, type Node, type Nodes } from '../wiring.js';
import type { World } from '../world.js';
import { estimateOf } from './estimate.js';
import type { PlanRow } from './plan-row.js';
import { difference, materialOf } from './reasons.js';
import { checkTraits } from './traits.js';

export interface PlanContext {
  readonly pipeline: string;
  readonly nodes: Nodes;
  readonly outputs: Readonly<Record<string, AnyRef>>;
  readonly world: World;
  readonly seed: number;
  readonly store: Store;
  /** What stands for "this time" in the keys of volatile stages; without it every plan is a time of its own. */
  readonly once?: string | undefined;
}

/** What a ref stands for in the keys of its consumers. */
export type RefKey = (ref: AnyRef) => string;
/** "Stage 'sft' of pipeline 'tiny-chat'": how errors begin. */
export const whereOf = (context: PlanContext, node: Node): string =>
  `Stage '${node.id}' of pipeline '${context.pipeline}'`;

/** The services that a stage and its chosen parts need. */
export const needsOf = ({ stage, options }: Pick<Node, 'stage' | 'options'>): readonly symbol[] => [
  ...Object.values(stage.needs),
  ...chosenParts(options).flatMap((part) => (part instanceof Ready ? Object.values(part.part.needs) : [])),
];

/** What the stage's source holds now; undefined for one that reads nothing. */
export const sourceNow = async ({ stage, options, view }: Node): Promise<string | undefined> =>
  stage.fingerprint?.({ ...(options as object), ...(view as object) } as never);

/** Files and folders that the sources among these stages read, by label. */
export const placesOf = async (nodes: Nodes): Promise<Readonly<Record<string, readonly string[]>>> => {
  const places: Record<string, readonly string[]> = {};
  for (const { id, stage, options, view } of nodes.values())
    if (stage.watches) places[id] = await stage.watches({ ...(options as object), ...(view as object) } as never);
  return places;
};

/** The key of one stage, when the keys of what it takes are known. */
export const keyOf = async (
  context: PlanContext,
  node: Node,
  refKey: RefKey,
): Promise<{ readonly key: string; readonly material: string }> => {
  const { stage, options, inputs } = node;
  const where = whereOf(context, node);
  const material = materialOf(
    {
      stage: stage.name,
      version: stage.version,
      options,
      inputs: Object.fromEntries(
        Object.entries(inputs).map(([port, given]) => [
          port,
          Array.isArray(given) ? given.map(refKey) : refKey(given as AnyRef),
        ]),
      ),
      services: await context.world.services.fingerprints(needsOf(node), where),
      source: await sourceNow(node),
      seed: stage.draws ? context.seed : undefined,
      once: stage.volatile ? (context.once ?? randomUUID()) : undefined,
    },
    where,
  );
  return { key: digest(material), material };
};

/** The stages that a stage takes from, each once. */
export const sourcesOf = ({ inputs }: Node): readonly string[] => [
  ...new Set(
    Object.values(inputs)
      .flatMap(refsOf)
      .map((ref) => ref.stage),
  ),
];

/** Consumers of each stage. */
const consumersOf = (nodes: Nodes): ReadonlyMap<string, readonly string[]> => {
  const consumers = new Map<string, string[]>([...nodes.keys()].map((id) => [id, []]));
  for (const node of nodes.values())
    for (const given of Object.values(node.inputs))
      for (const ref of refsOf(given)) consumers.get(ref.stage)!.push(node.id);
  return consumers;
};

/** Stages whose artifacts are wanted: results, last stages, and what a stage that is no hit takes. */
export const wantedStages = ({ nodes, outputs }: PlanContext, isHit: (id: string) => boolean): ReadonlySet<string> => {
  const consumers = consumersOf(nodes);
  const results = new Set(Object.values(outputs).map((ref) => ref.stage));
  const wanted = new Set<string>();
  for (const id of [...nodes.keys()].reverse()) {
    const consumed = consumers.get(id)!;
    if (results.has(id) || consumed.length === 0 || consumed.some((other) => wanted.has(other) && !isHit(other)))
      wanted.add(id);
  }
  return wanted;
};

/** The estimate, or the stages that it waits for. */
const foresee = async (
  context: PlanContext,
  node: Node,
  manifests: ReadonlyMap<string, Manifest>,
): Promise<Pick<PlanRow, 'estimate' | 'estimateAfter'>> => {
  const { stage, inputs } = node;
  if (!stage.estimate) return {};
  const valueOf = (ref: AnyRef) => {
    const output = manifests.get(ref.stage)?.outputs[ref.port];
    return output && readOutput(context.store, ref.kind, output, `'${ref.stage}.${ref.port}'`);
  };
  const values = Object.entries(inputs).map(async ([port, given]) => {
    if (!Array.isArray(given)) return [port, await valueOf(given as AnyRef)] as const;
    const all = await Promise.all(given.map(valueOf));
    return [port, all.includes(undefined) ? undefined : all] as const;
  });
  const estimate = await estimateOf(context.world, node, Object.fromEntries(await Promise.all(values)));
  if (estimate) return { estimate };
  const estimateAfter = sourcesOf(node).filter((id) => !manifests.has(id));
  return estimateAfter.length > 0 ? { estimateAfter } : {};
};

const whyNot = async (
  { pipeline, store }: PlanContext,
  { id, stage }: Node,
  material: string,
  waits: readonly string[],
): Promise<string> => {
  if (stage.volatile) return 'reads the world each time';
  if (waits.length > 0) return `known when ${waits.map((other) => `'${other}'`).join(' and ')} has run`;
  const last = await store.get(address.latest(pipeline, id));
  if (typeof last !== 'string') return 'never run';
  return last === material ? 'no longer in the store' : difference(last, material);
};

/** Rows in the pipeline's order. Throws what keeps the plan from being valid: `missing-service`, `bad-wiring`, what a fingerprint throws. */
export const makePlan = async (context: PlanContext): Promise<readonly PlanRow[]> => {
  const { nodes, store } = context;
  const keys = new Map<string, string>();
  const materials = new Map<string, string>();
  const manifests = new Map<string, Manifest>();
  const unsettled = new Set<string>();
  for (const node of nodes.values()) {
    const { key, material } = await keyOf(context, node, (ref) => `${keys.get(ref.stage)!}.${ref.port}`);
    keys.set(node.id, key);
    materials.set(node.id, material);
    if (node.stage.volatile || sourcesOf(node).some((source) => unsettled.has(source))) unsettled.add(node.id);
    const manifest = await readManifest(store, key);
    if (manifest) manifests.set(node.id, manifest);
  }
  checkTraits(context.pipeline, nodes, keys);
  const wanted = wantedStages(context, (id) => manifests.has(id));
  const rows = [...nodes.values()].map(async (node): Promise<PlanRow> => {
    const { id, stage } = node;
    const material = materials.get(id)!;
    const hit = manifests.has(id);
    const runs = !hit && wanted.has(id);
    const waits = sourcesOf(node).filter((other) => unsettled.has(other));
    const why = hit ? 'kept in the store' : await whyNot(context, node, material, waits);
    return {
      id,
      stage: stage.name,
      key: keys.get(id)!,
      hit,
      runs,
      why: hit || runs ? why : `${why}; nothing needs it`,
      material,
      ...(runs ? await foresee(context, node, manifests) : {}),
    };
  });
  return Promise.all(rows);
};
