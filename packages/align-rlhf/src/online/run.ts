// One run of online alignment: open policy, reference, critic and rewards, then rounds of answers and updates on the shared loop.
import { IngotError, text, warning, type Checkpoint, type Installed, type Json, type StageEvent } from '@ingot/core';
import { Family, type ExampleRow, type FeedbackRow, type ModelValue, type RowsValue } from '@ingot/contracts';
import type { Device } from '@ingot/tensor';
import { chatEncoder } from '@ingot/text';
import { fineTune, openPolicy, replayAt, stepsOf, trunkWidth, type TrainableOptions } from '@ingot/training';
import { heldTable, openBeside } from './beside.js';
import { collectRound, type Collecting } from './collect.js';
import { evaluateOnline } from './evaluate.js';
import { learnFrom } from './learn.js';
import type { OnlineMethod } from './methods.js';
import type { OnlineOptions, OnlineView } from './options.js';
import { phasesOf } from './phases.js';
import { learnMix, readMix } from './mix.js';
import { readPrompts } from './prompts.js';
import { openRewards, sumRewards } from './rewards.js';
import { roomsOf } from './rooms.js';
import { readMemory, writeMemory, type Memory } from './round.js';
import { isValueHead, valueHead } from './score.js';
import { openScoring } from './scoring.js';
import { tempered } from './tempered.js';
import { onlineTripwires } from './tripwires.js';

/** What an online stage runs on. */
export interface OnlineRequest {
  readonly stage: string;
  readonly method: OnlineMethod;
  readonly inputs: {
    readonly model: ModelValue;
    readonly feedback: RowsValue<FeedbackRow>;
    readonly reward?: ModelValue | undefined;
    readonly mix?: RowsValue<ExampleRow> | undefined;
  };
  readonly options: OnlineOptions;
  readonly view: OnlineView;
  readonly services: { readonly device: Device; readonly installed: Installed };
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly checkpoint: Checkpoint;
  readonly replay?: number | undefined;
}

/** Tables of answers over a run. */
const SHOWN_ROUNDS = 20;

const refuse = (stage: string, why: string): IngotError =>
  new IngotError('bad-options', `The stage '${stage}': ${why}`);

function checkOptions({ stage, options, method }: OnlineRequest): void {
  const { beta, reference, kl, klEstimator, adaptiveKl, generations } = options;
  if (kl === 'loss' && klEstimator === 'k1')
    throw refuse(
      stage,
      "klEstimator k1 in the loss has a gradient of zero on average. Wanted k2 or k3, or kl: 'reward'.",
    );
  if (reference === 'none' && (beta > 0 || adaptiveKl || method.pairs))
    throw refuse(stage, `reference 'none' goes with beta 0 alone, got beta ${beta}. Leave it out, or take beta 0.`);
  if (method.pairs && generations !== 2)
    throw refuse(stage, `it learns from pairs of answers: wanted generations 2, got ${generations}.`);
  if (adaptiveKl && beta === 0) throw refuse(stage, 'adaptiveKl moves β by shares of itself: wanted a beta above 0.');
}

const trainsOf = ({ adapter, freeze, only }: OnlineOptions): TrainableOptions => ({
  ...(adapter && { adapter }),
  ...(freeze && { freeze }),
  ...(only && { only }),
});

/** The model without what only training needed. */
const withoutValueHead = (model: ModelValue): ModelValue => ({
  ...model,
  tensors: Object.fromEntries(Object.entries(model.tensors).filter(([name]) => !isValueHead(name))),
  read: (name, part) => model.read(name, part),
});

/** Aligns a model online; the generator's return is the aligned model's value. Throws what the loop, generation, rewards and the policy throw. */
export async function* alignOnline(request: OnlineRequest): AsyncGenerator<StageEvent, ModelValue, void> {
  const { stage, method, inputs, options, view, services, seed, signal, checkpoint } = request;
  const { device, installed } = services;
  checkOptions(request);
  const { design } = inputs.model;
  const encoder = chatEncoder({ tokenizer: design.tokenizer, ...(design.chat && { chat: design.chat }) });
  const { tokens, room } = roomsOf(stage, options.tokens, design.context);
  const prompts = await readPrompts(inputs.feedback, { encoder, room, heldOut: options.heldOut, stage });
  const mix = await readMix(inputs.mix, options, { encoder, maxTokens: design.context, stage, seed });
  const family = await installed.make(Family, design.family);
  const extra = method.critic?.valueHead === 'shared' ? valueHead(trunkWidth({ family, design })) : [];
  const policy = await openPolicy({ device, family, model: inputs.model, trains: trainsOf(options), seed, extra });
  const opened: { dispose(): void }[] = [policy];
  try {
    const beside = await openBeside(request, policy, family);
    opened.push(beside);
    const phases = phasesOf(checkpoint);
    const scoring = yield* openScoring({ ...request, family, encoder, phases });
    const reward = sumRewards(scoring.rewards, stage);
    opened.push(reward);
    const gold = sumRewards(await openRewards(options.gold, { signal, model: inputs.reward }), stage);
    opened.push(gold);

    const sampler = tempered(policy.still, options.temperature);
    const reference = beside.reference && tempered(beside.reference, options.temperature);
    const collecting: Collecting = {
      stage,
      method,
      options,
      view,
      encoder,
      prompts,
      tokens,
      sampler,
      reference,
      critic: beside.critic,
      reward,
      seed,
      signal,
    };
    const updates = options.iterations * options.miniBatches;
    const rounds = options.steps ? Math.ceil(options.steps / updates) : stepsOf(options, prompts.train.length);
    const showEvery = Math.max(1, Math.ceil(rounds / SHOWN_ROUNDS));
    const fresh: Memory = { beta: options.beta };
    // What was read or made last, so that a step need not read the whole round again.
    let held: { readonly json: Json; readonly memory: Memory } | undefined;
    const memoryOf = (json: Json): Memory => {
      if (held?.json !== json || held === undefined) held = { json, memory: readMemory(json, fresh) };
      return held.memory;
    };
    const remember = (memory: Memory): Json => {
      const json = writeMemory(memory);
      held = { json, memory };
      return json;
    };
    // Both learners work without dropout: policy.still.
    const learners = { policy: sampler, critic: beside.critic };
    const tuned = yield* fineTune(
      {
        rows: prompts.train.length,
        updates,
        guarded: false,
        tripwires: onlineTripwires(options),
        ...(options.watch.samples > 0 && {
          evaluate: (step: number, memory: Json) =>
            evaluateOnline({ ...collecting, gold: options.gold.length > 0 ? gold : undefined }, step, memoryOf(memory)),
        }),
        async before(rows, { step, memory }) {
          if (step % updates !== 0) return {};
          const round = step / updates;
          const made = await collectRound(
            collecting,
            rows.map((row) => prompts.train[row]!),
            { step, round, memory: memoryOf(memory), shown: round % showEvery === 0 },
          );
          return { memory: remember(made.memory), events: made.events };
        },
        gradients(_, { step, memory }) {
          const { round, beta } = memoryOf(memory);
          if (!round)
            throw new IngotError('bad-value', `The stage '${stage}' has no round of answers at step ${step + 1}.`);
          const measured = learnFrom(learners, round, step - round.step, {
            method,
            beta: method.pairs || options.kl === 'loss' ? beta : 0,
            maxTokens: tokens,
            entropyBonus: options.entropyBonus,
            miniBatches: options.miniBatches,
            microBatch: options.microBatch,
            seed,
            stage,
          });
          const values = { ...round.numbers, ...measured.values };
          if (!mix) return { ...measured, values };
          const examples = learnMix(policy.still, mix, step);
          return {
            loss: measured.loss + mix.weight * examples.loss,
            tokens: measured.tokens + examples.tokens,
            values: { ...values, 'loss/mix': examples.loss },
          };
        },
      },
      {
        stage,
        device,
        policy: { parameters: beside.parameters },
        options,
        view,
        seed,
        signal,
        checkpoint: scoring.checkpoint,
        opening: [
          ...(prompts.truncated > 0
            ? [warning(`${prompts.truncated} prompts were longer than ${room} tokens and lost their beginning.`)]
            : []),
          heldTable(request, policy, scoring.models),
        ],
        ...replayAt(request.replay),
      },
    );
    if (request.replay !== undefined) return inputs.model;
    if (tuned.stopped !== undefined) yield warning(`The stage '${stage}' ended early, after ${tuned.steps} steps.`);
    yield text(`Aligned by '${stage}' in ${tuned.steps} steps.`);
    return withoutValueHead(policy.result());
  } finally {
    opened.reverse().forEach((one) => one.dispose());
  }
}
