// The gate: what may be served is an aligned model, or one for which somebody gave a reason, and that is kept.
import { type AnyKind, artifactManifest, IngotError, readArtifact, type Store, type ValueOf } from '@ingot/core';
import { AlignedModel, ChatModel, Model } from './kinds.js';
import type { ModelValue } from './values.js';

/** What made a model what it is, the last stage first. */
export interface LineageStep {
  readonly stage: string;
  readonly key: string;
  /** The reason that was given, where the stage took one (`assume-chat`, `assume-aligned`). */
  readonly because?: string;
  /** Whether what it made is an aligned model. */
  readonly aligned: boolean;
}
/** A model with its kind and where that is known from. */
export interface KnownModel<K extends AnyKind = typeof Model> {
  readonly value: ValueOf<K> & ModelValue;
  readonly kind: K;
  /** 'artifact 3f2a….model', 'folder ./model'. */
  readonly from: string;
  /** Empty where nothing is recorded, as for a folder. */
  readonly lineage: readonly LineageStep[];
}

/** Somebody answers for a model that is not known to be aligned. */
export interface Allowance {
  readonly because: string;
}
const passed: unique symbol = Symbol('passed the gate');
/** A model that passed the gate; only `servable` makes one. */
export interface ServableModel {
  readonly model: ModelValue;
  readonly from: string;
  readonly kind: string;
  /** 'aligned': by a stage; 'assumed': `assume-aligned` is in its lineage; 'allowed': it is not aligned, and somebody answers for it. */
  readonly by: 'aligned' | 'assumed' | 'allowed';
  /** The stage that aligned it, where it is known. */
  readonly stage?: string;
  /** The reason, of `assume-aligned` or of the allowance. */
  readonly because?: string;
  readonly [passed]: true;
}

/** The one stage that makes an aligned model without alignment. */
const ASSUMED = 'assume-aligned';
const LATTICE = [AlignedModel, ChatModel] as const;

const recorded = (material: string): { readonly because?: string; readonly model?: string } => {
  const { options, inputs } = JSON.parse(material) as {
    readonly options?: Readonly<Record<string, unknown>>;
    readonly inputs?: Readonly<Record<string, unknown>>;
  };
  const [because, model] = [options?.['because'], inputs?.['model']];
  return { ...(typeof because === 'string' ? { because } : {}), ...(typeof model === 'string' ? { model } : {}) };
};

/** The stages from a model back along their ports `model`; it ends where an artifact is no longer in the store. */
const lineageOf = async (store: Store, key: string): Promise<readonly LineageStep[]> => {
  const steps: LineageStep[] = [];
  for (let at: string | undefined = key; at !== undefined;) {
    const [artifact = '', port = 'model']: string[] = at.split('.');
    const manifest = await artifactManifest(store, artifact).catch((error: unknown) => {
      if (IngotError.is(error) && error.code === 'unknown-name' && steps.length > 0) return undefined;
      throw error;
    });
    if (!manifest) break;
    const { because, model } = recorded(manifest.material);
    const aligned = manifest.outputs[port]?.is.includes(AlignedModel.name) ?? false;
    steps.push({ stage: manifest.stage, key: manifest.key, aligned, ...(because === undefined ? {} : { because }) });
    at = model;
  }
  return steps;
};

/**
 * A model of the store with the kind that its manifest records: Model, ChatModel or AlignedModel; at least `wanted`. Throws 'unknown-name' for a
 * key or port that is not there, 'bad-kind' for what is no such model.
 */
export async function knownModel<K extends typeof Model = typeof Model>(
  store: Store,
  key: string,
  port = 'model',
  wanted?: K,
): Promise<KnownModel<K>> {
  const value = await readArtifact(store, key, port, wanted ?? Model);
  const manifest = await artifactManifest(store, key);
  const is = manifest.outputs[port]?.is ?? [];
  const kind: typeof Model = LATTICE.find(({ name }) => is.includes(name)) ?? Model;
  const lineage = await lineageOf(store, `${manifest.key}.${port}`);
  // the store has checked that the artifact is of `wanted`, and `kind` is the narrowest that it is
  return { value, kind, from: `artifact ${manifest.key.slice(0, 12)}.${port}`, lineage } as KnownModel<K>;
}

const isAligned = (kind: AnyKind): boolean => Object.keys(kind.is).includes(AlignedModel.name);
/** The step that first made it an aligned model; those after it carried that on. */
const aligner = (lineage: readonly LineageStep[]): LineageStep | undefined => {
  const before = lineage.findIndex(({ aligned }) => !aligned);
  return before < 0 ? lineage.at(-1) : lineage[before - 1];
};

/**
 * Lets a model through that is aligned by its kind, or for which somebody gives a reason. Every server calls this, `ingot sample --chat` too;
 * whoever calls it tells what it says (`gateNote`). With one argument only an aligned model is accepted by type. Throws 'not-aligned' for another
 * model without a reason, saying what to do.
 */
export function servable(model: KnownModel<typeof AlignedModel>): ServableModel;
/** The same for a model of any lineage, with the reason that somebody gives for it, if one does. */
export function servable(model: KnownModel, allowance: Allowance | undefined): ServableModel;
/** Both at once. */
export function servable({ value, kind, from, lineage }: KnownModel, allowance?: Allowance): ServableModel {
  const common = { model: value, from, kind: kind.name, [passed]: true } as const;
  if (isAligned(kind)) {
    const step = aligner(lineage);
    if (step?.stage === ASSUMED)
      return { ...common, by: 'assumed', stage: ASSUMED, ...(step.because ? { because: step.because } : {}) };
    return { ...common, by: 'aligned', ...(step ? { stage: step.stage } : {}) };
  }
  const because = allowance?.because.trim();
  if (because) return { ...common, by: 'allowed', because };
  throw new IngotError(
    'not-aligned',
    `The ${from} is ${kind.name === Model.name ? 'a base model, or one whose lineage is not recorded' : 'a chat model that was not aligned'}: it says whatever its texts said. Wanted an aligned model (of 'dpo', 'ppo' or another stage of the role Align). Align it; or put 'assume-aligned' with a reason into its pipeline; or answer for it here: --allow-base '<reason>'.`,
  );
}

/** What is to be told, and kept, of how a model passed. */
export const gateNote = ({ by, from, stage, because }: ServableModel): string =>
  ({
    aligned: `${from}: aligned${stage ? ` by '${stage}'` : ''}`,
    assumed: `${from}: assumed to be aligned: ${because ?? 'no reason recorded'}`,
    allowed: `${from}: NOT aligned, allowed all the same: ${because ?? ''}`,
  })[by];
