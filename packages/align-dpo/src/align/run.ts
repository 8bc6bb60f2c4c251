// One run of preference tuning: open, prepare, look at the start, train on the shared loop, give the model.
import { setImmediate as breathe } from 'node:timers/promises';
import { IngotError, text, warning, type Checkpoint, type Installed, type StageEvent } from '@ingot/core';
import {
  Family,
  loadParameters,
  openReward,
  type Evaluator,
  type ExampleRow,
  type FeedbackRow,
  type LiveModel,
  type ModelValue,
  type PreferenceLossValue,
  type ReferenceScoresValue,
  type RewardAtWork,
  type RowsValue,
} from '@ingot/contracts';
import { noGrad, plainWeights, type Device, type ParameterTree } from '@ingot/tensor';
import { chatEncoder } from '@ingot/text';
import {
  fineTune,
  replayAt,
  openPolicy,
  stepsOf,
  type Evaluated,
  type Measured,
  type Policy,
  type TrainableOptions,
} from '@ingot/training';
import { moveReference } from './move-reference.js';
import { mixStep, preferenceStep, type PreferenceHow } from './objective.js';
import type { AlignOptions, AlignView } from './options.js';
import { countOf, feedbackEvents, likedOf, pickRows, prepare, prepareMix, type Prepared } from './prepare.js';
import { computedOnce, liveReference, storedReference, tokenScores, type Reference } from './reference.js';
import type { ScoreSource } from './scores.js';
import { alignTripwires } from './tripwires.js';
import { displacement, measureSamples, measureTasks } from './watch.js';

/** What a preference stage runs on. */
export interface AlignRequest {
  readonly stage: string;
  readonly loss: PreferenceLossValue;
  readonly inputs: {
    readonly model: ModelValue;
    readonly feedback: RowsValue<FeedbackRow>;
    readonly reward?: ModelValue | undefined;
    readonly mix?: RowsValue<ExampleRow> | undefined;
    readonly reference?: ReferenceScoresValue | undefined;
  };
  readonly options: AlignOptions;
  readonly view: AlignView;
  readonly services: { readonly device: Device; readonly installed: Installed; readonly evaluator: Evaluator };
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly checkpoint: Checkpoint;
  /** The step to be done again, where one is. */
  readonly replay?: number | undefined;
}
/** Completions watched for displacement at the most. */
const WATCHED = 64;

/** A frozen copy of the model as it is stored. */
async function copyOf(
  device: Device,
  request: AlignRequest,
  policy: Policy,
): Promise<{ live: LiveModel; tree: ParameterTree }> {
  const { family, design } = policy.live;
  const tree = await loadParameters(device, family, request.inputs.model);
  for (const parameter of tree.values()) parameter.trainable = false;
  return { live: { device, family, design, weights: plainWeights(tree) }, tree };
}

/** Runs with the model as it was before training: the adapter off, the copy that there is, or one loaded for the moment. */
async function withStart<R>(
  { policy, copy, request }: { policy: Policy; copy: LiveModel | undefined; request: AlignRequest },
  body: (start: LiveModel) => Promise<R>,
): Promise<R> {
  const there = policy.reference ?? copy;
  if (there) return body(there);
  const { live, tree } = await copyOf(request.services.device, request, policy);
  try {
    return await body(live);
  } finally {
    tree.dispose();
  }
}

function checkOptions({ stage, options, loss, inputs }: AlignRequest): void {
  const refuse = (why: string): IngotError => new IngotError('bad-options', `The stage '${stage}': ${why}`);
  if (options.reference === 'adapter-off' && !options.adapter)
    throw refuse(
      "reference 'adapter-off' wants an adapter, for example adapter: { rank: 16 }, got none: the weights themselves move.",
    );
  if (options.referenceSync && options.reference !== 'copy')
    throw refuse(`referenceSync moves a copy: wanted reference: 'copy', got '${options.reference}'.`);
  if (options.referenceSync && inputs.reference)
    throw refuse("referenceSync moves a copy, and the port 'reference' gives fixed numbers. Leave one out.");
  if (!loss.reference && (inputs.reference || options.referenceSync))
    throw refuse("its loss has no reference: leave the port 'reference' and referenceSync out.");
  if (options.betaTo !== undefined && loss.beta === undefined) throw refuse('betaTo moves β, and its loss has none.');
}

async function referenceOf(
  request: AlignRequest,
  policy: Policy,
  copy: LiveModel | undefined,
  prepared: Prepared,
  maxTokens: number,
): Promise<Reference | undefined> {
  const { loss, options, inputs, stage, signal } = request;
  const { completions, notes } = prepared;
  if (!loss.reference) return undefined;
  if (inputs.reference) return storedReference(inputs.reference, completions, { stage, rows: notes.rows, maxTokens });
  if (copy) return liveReference(copy, completions);
  if (options.reference === 'adapter-off' && policy.reference) return liveReference(policy.reference, completions);
  return computedOnce(policy.reference ?? policy.still, completions, async () => {
    await breathe();
    signal.throwIfAborted();
  });
}

const meansOf = (parts: readonly { readonly rows: number; readonly measured: Measured }[]): Record<string, number> => {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const values: Record<string, number> = {};
  for (const { rows: count, measured } of parts)
    for (const [name, value] of Object.entries({ loss: measured.loss, ...measured.values }))
      values[`heldOut/${name}`] = (values[`heldOut/${name}`] ?? 0) + (value * count) / rows;
  return values;
};

/** The options that say what learns. */
const trainsOf = ({ adapter, freeze, only }: AlignOptions): TrainableOptions => ({
  ...(adapter && { adapter }),
  ...(freeze && { freeze }),
  ...(only && { only }),
});

/** Aligns a model; the generator's return is the aligned model's value. Throws what the loop, the encoder and the policy throw. */
export async function* align(request: AlignRequest): AsyncGenerator<StageEvent, ModelValue, void> {
  const { stage, loss, inputs, options, view, services, seed, signal, checkpoint } = request;
  const { device, installed } = services;
  checkOptions(request);
  const { design } = inputs.model;
  const encoder = chatEncoder({ tokenizer: design.tokenizer, ...(design.chat && { chat: design.chat }) });
  const maxTokens = options.maxTokens ?? design.context;
  if (maxTokens > design.context)
    throw new IngotError(
      'bad-options',
      `The stage '${stage}' was given maxTokens ${maxTokens}, but the model reads at most ${design.context} tokens. Give at most ${design.context}.`,
    );
  const how = { encoder, maxTokens, stage, seed };
  const prepared = await prepare(inputs.feedback, loss, options, how);
  const mix = await prepareMix(inputs.mix, options, how);
  const family = await installed.make(Family, design.family);
  const policy = await openPolicy({ device, family, model: inputs.model, trains: trainsOf(options), seed });
  let copy: { live: LiveModel; tree: ParameterTree } | undefined;
  const rewards: RewardAtWork[] = [];
  try {
    if (loss.reference && options.reference === 'copy') copy = await copyOf(device, request, policy);
    for (const reward of options.rewards)
      rewards.push(await openReward(reward, { signal, ...(inputs.reward && { model: inputs.reward }) }));
    const reference = await referenceOf(request, policy, copy?.live, prepared, maxTokens);
    const source: ScoreSource = { model: policy.live, completions: prepared.completions, reference };
    const still: ScoreSource = { ...source, model: policy.still };
    const steps = stepsOf(options, countOf(prepared.train));
    const tune: PreferenceHow = {
      loss,
      microBatch: options.microBatch,
      context(step, firstRow) {
        policy.at(step, 2 * firstRow); // a row of feedback has up to two completions
        return {};
      },
      beta: (step) =>
        options.betaTo === undefined || loss.beta === undefined
          ? undefined
          : loss.beta + (options.betaTo - loss.beta) * (steps === 1 ? 1 : step / (steps - 1)),
    };

    // The start is measured before anything is loaded from a checkpoint, so that a resumed run compares with the same numbers.
    const watched = likedOf(countOf(prepared.heldOut) > 0 ? prepared.heldOut : prepared.train)
      .slice(0, WATCHED)
      .map((at) => prepared.completions[at]!);
    const begun = {
      tokens: tokenScores(policy.still, watched),
      samples: prepared.prompts.length > 0 ? await samplesOf(undefined) : undefined,
      tasks:
        options.tasks.length > 0
          ? await measureTasks(options.tasks, services.evaluator.of(policy.still), signal)
          : undefined,
    };
    async function samplesOf(start: LiveModel | undefined) {
      const { prompts } = prepared;
      return measureSamples(policy.still, start, { encoder, prompts, tokens: options.watch.tokens, seed, rewards });
    }
    async function heldOut(step: number): Promise<Record<string, number>> {
      const parts = [];
      const all = countOf(prepared.heldOut);
      for (let first = 0; first < all; first += options.batch) {
        const which = Array.from({ length: Math.min(options.batch, all - first) }, (_, i) => first + i);
        const rows = pickRows(prepared.heldOut, which);
        parts.push({
          rows: which.length,
          measured: noGrad(() =>
            preferenceStep(still, rows, tune, { step: Math.max(0, step - 1), memory: null, learn: false }),
          ),
        });
        await breathe();
      }
      return meansOf(parts);
    }
    async function evaluate(step: number): Promise<Evaluated> {
      const pairs = await heldOut(step);
      const samples =
        step === 0 || !begun.samples
          ? begun.samples
          : await withStart({ policy, copy: options.referenceSync ? undefined : copy?.live, request }, samplesOf);
      const tasks =
        step === 0 || !begun.tasks
          ? begun.tasks
          : await measureTasks(options.tasks, services.evaluator.of(policy.still), signal, begun.tasks.values);
      const score = pairs['heldOut/loss'];
      return {
        values: {
          ...pairs,
          displacement: displacement(policy.still, watched, begun.tokens),
          ...samples?.numbers,
          ...(samples && begun.samples
            ? { lengthRatio: samples.numbers.sampleLength / Math.max(1, begun.samples.numbers.sampleLength) }
            : {}),
          ...tasks?.values,
          ...(tasks?.taskDrop === undefined ? {} : { taskDrop: tasks.taskDrop }),
        },
        ...(score === undefined ? {} : { score }),
        events: samples?.events ?? [],
      };
    }

    const tuned = yield* fineTune(
      {
        rows: countOf(prepared.train),
        tripwires: alignTripwires(options),
        evaluate,
        gradients(rows, { step, memory }) {
          const preference = preferenceStep(source, pickRows(prepared.train, rows), tune, {
            step,
            memory,
            learn: true,
          });
          if (!mix) return preference;
          policy.at(step, 2 * options.batch);
          const supervised = mixStep(source, mix, step);
          return {
            ...preference,
            loss: preference.loss + mix.weight * supervised.loss,
            tokens: preference.tokens + supervised.tokens,
            values: { ...preference.values, 'loss/preference': preference.loss, 'loss/mix': supervised.loss },
          };
        },
      },
      {
        stage,
        device,
        policy,
        options,
        view,
        seed,
        signal,
        checkpoint,
        opening: feedbackEvents(prepared, maxTokens),
        ...replayAt(request.replay),
        ...(options.referenceSync &&
          copy && { beside: copy.tree, afterUpdate: moveReference(policy, copy.tree, options.referenceSync) }),
      },
    );
    if (request.replay !== undefined) return inputs.model;
    if (tuned.stopped !== undefined)
      yield warning(`The stage '${stage}' ended early, after ${tuned.steps} of ${steps} steps.`);
    yield text(`Aligned by '${stage}' in ${tuned.steps} steps.`);
    return policy.result();
  } finally {
    for (const reward of rewards) reward.dispose();
    copy?.tree.dispose();
    policy.dispose();
  }
}
