// Which linear layers an adapter changes, with which rank and alpha: from patterns to names, before anything is allocated.
import { IngotError } from '@ingot/core';
import type { AdapterConfig, AdapterLayer, ParameterSpec } from '@ingot/contracts';
import { matching, matchingAny } from './patterns.js';
import { adapterOptions, type AdapterOptions } from './trainable-options.js';

/** What an adapter must know of a model. */
export interface AdaptedModel {
  /** The family's parameters. */
  readonly specs: readonly Pick<ParameterSpec, 'name' | 'shape'>[];
  /** Names that are looked up by id, such as 'wte'. */
  readonly embeddings: ReadonlySet<string>;
  /** The weight that gives the logits. */
  readonly head: string;
}

/** `blocks.0.norm1.weight` -> `blocks.0.norm1`. */
export const moduleOf = (parameter: string): string => parameter.slice(0, parameter.lastIndexOf('.'));

/** Names of the linear layers with their (out, in): matrices that are not looked up by id. */
export function linearLayers({ specs, embeddings }: AdaptedModel): ReadonlyMap<string, readonly [number, number]> {
  const found = new Map<string, readonly [number, number]>();
  for (const { name, shape } of specs) {
    const [outputs, inputs] = shape;
    if (name.endsWith('.weight') && shape.length === 2 && !embeddings.has(moduleOf(name)))
      found.set(moduleOf(name), [outputs!, inputs!]);
  }
  return found;
}

const tiedHead = ({ head, embeddings }: AdaptedModel): boolean => embeddings.has(head);

function targetsOf(model: AdaptedModel, targets: readonly string[] | undefined): readonly string[] {
  const linears = [...linearLayers(model).keys()];
  if (targets === undefined) return linears.filter((name) => name !== model.head);
  const tables = [...model.embeddings];
  for (const pattern of targets) {
    const test = matching(`'adapter.targets'`, pattern, [...linears, ...tables]);
    if (test.some((name) => linears.includes(name))) continue;
    const why =
      tiedHead(model) && test.includes(model.head)
        ? `the head '${model.head}' is tied to the embedding, so an adapter of one would leave the other behind`
        : `${test.join(', ')} are tables that are looked up by id`;
    throw new IngotError(
      'bad-options',
      `'adapter.targets': the pattern '${pattern}' names no linear layer: ${why}. 'adapter.modulesToSave' trains such a module whole.`,
    );
  }
  const chosen = matchingAny(`'adapter.targets'`, targets, [...linears, ...tables]);
  return linears.filter((name) => chosen.has(name));
}

function numbersOf(
  where: string,
  patterns: Readonly<Record<string, number>>,
  layers: readonly string[],
): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [pattern, value] of Object.entries(patterns))
    for (const name of matching(where, pattern, layers)) if (!found.has(name)) found.set(name, value);
  return found;
}

/** s of W + s·B·A: alpha / rank, or alpha / √rank (rsLoRA). */
export const scaleOf = ({ rank, alpha }: AdapterLayer, rslora: boolean): number =>
  alpha / (rslora ? Math.sqrt(rank) : rank);

/**
 * The adapter that options describe on this model. The first pattern of `rankPattern` and `alphaPattern` that matches counts.
 * @throws IngotError `bad-options` for a pattern that matches nothing, an embedding or a tied head among the targets, a module that is both saved and a target, DoRA or dropout on the head.
 */
export function planAdapter(model: AdaptedModel, given: AdapterOptions): AdapterConfig {
  const {
    rank,
    alpha = rank,
    dropout,
    targets,
    rslora,
    dora,
    rankPattern,
    alphaPattern,
    modulesToSave,
  } = adapterOptions.parse(given);
  const names = targetsOf(model, targets);
  const ranks = numbersOf(`'adapter.rankPattern'`, rankPattern, names);
  const alphas = numbersOf(`'adapter.alphaPattern'`, alphaPattern, names);
  const modules = [...new Set(model.specs.map(({ name }) => moduleOf(name)))];
  const saved = matchingAny(`'adapter.modulesToSave'`, modulesToSave, modules);
  const both = names.filter((name) => saved.has(name));
  if (both.length > 0)
    throw new IngotError(
      'bad-options',
      `'adapter.modulesToSave' and 'adapter.targets' both name ${both.join(', ')}: a module either learns whole or gets a low-rank update. Narrow one of the patterns.`,
    );
  if ((dora || dropout > 0) && names.includes(model.head))
    throw new IngotError(
      'bad-options',
      `'adapter.${dora ? 'dora' : 'dropout'}' does not go with the head '${model.head}' among the targets. Leave it out of 'adapter.targets', or train it whole by 'adapter.modulesToSave'.`,
    );
  return {
    layers: Object.fromEntries(
      names.map((name) => [name, { rank: ranks.get(name) ?? rank, alpha: alphas.get(name) ?? alpha }]),
    ),
    saved: modules.filter((name) => saved.has(name)),
    rslora,
    dora,
    dropout,
  };
}

/**
 * What the adapter learns, by name and shape: per layer A (rank, in), B (out, rank) and with DoRA the magnitude (out), then the saved modules' parameters.
 * Gradients and AdamW's two moments are as many numbers again: 4·Σ rank·(in + out) floats a layer in all, where full training holds 4·in·out.
 * @throws IngotError `bad-value` for a layer or a module that the model has not.
 */
export function adapterShapes(
  model: AdaptedModel,
  { layers, saved, dora }: AdapterConfig,
): readonly { readonly name: string; readonly shape: readonly number[] }[] {
  const linears = linearLayers(model);
  const modules = new Set(model.specs.map(({ name }) => moduleOf(name)));
  const strange = [
    ...Object.keys(layers).filter((name) => !linears.has(name)),
    ...saved.filter((name) => !modules.has(name)),
  ];
  if (strange.length > 0)
    throw new IngotError(
      'bad-value',
      `The adapter changes ${strange.join(', ')}, which this model has not. It has the linear layers ${[...linears.keys()].slice(0, 12).join(', ')}, …: was the adapter made for another model?`,
    );
  return [
    ...Object.entries(layers).flatMap(([name, { rank }]) => {
      const [outputs, inputs] = linears.get(name)!;
      return [
        { name: `${name}.A`, shape: [rank, inputs] },
        { name: `${name}.B`, shape: [outputs, rank] },
        ...(dora ? [{ name: `${name}.magnitude`, shape: [outputs] }] : []),
      ];
    }),
    ...model.specs.filter(({ name }) => saved.includes(moduleOf(name))).map(({ name, shape }) => ({ name, shape })),
  ];
}
