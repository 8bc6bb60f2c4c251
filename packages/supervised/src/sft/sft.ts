// The stage `sft`: a model learns to answer from examples, with the loss on the responses alone (Ouyang et al. 2022, section 3.5).
import { defineStage, Installed, optional, replayed, text } from '@ingot/core';
import { ChatModel, Device, Examples, Family, Model } from '@ingot/contracts';
import { fineTune, openPolicy, replayAt, stepsOf, trainableLine } from '@ingot/training';
import { loadOnce } from '../load-once.js';
import { degenerationReport } from './after-training.js';
import { sftObjective } from './objective.js';
import { sftOptions, sftView } from './options.js';
import { longest, prepare, preparedEvents } from './prepare.js';

/**
 * model + examples -> chat model. Minimises Σ weight · −log p over the response's tokens and the token that ends it, packed, with general data mixed in
 * where it is wired. The examples are linted before step 0, the answers looked at after the last; the model carries its chat format from then on.
 * Errors: `bad-input` where the lint finds an error, `bad-wiring` for another template than the model's, `bad-options`; what `fineTune` throws.
 */
export const sft = defineStage({
  name: 'sft',
  version: 1,
  inputs: { model: Model, examples: Examples, mix: optional(Examples), validation: optional(Examples) },
  outputs: { model: ChatModel },
  needs: { device: Device, installed: Installed },
  options: sftOptions,
  view: sftView,
  draws: true,
  computes: true,
  replays: true,
  async estimate({ options, inputs: { model, examples }, installed }) {
    if (!model) return undefined;
    const { design } = model;
    const family = await installed.make(Family, design.family);
    const length = longest(design, options.maxTokens, 'sft');
    const { trainingBytes, flopsPerToken } = family.estimate(design, options.microBatch ?? options.batch, length);
    const steps = stepsOf(options, examples?.rows ?? options.batch);
    return { bytes: trainingBytes, flops: steps * options.batch * length * flopsPerToken };
  },
  async *run({ inputs, options, view, services: { device, installed }, seed, signal, checkpoint, replay }) {
    const { model } = inputs;
    const saved = loadOnce(checkpoint);
    const prepared = await prepare(model.design, inputs, options, seed);
    const family = await installed.make(Family, model.design.family);
    const policy = await openPolicy({ device, family, model, trains: options, seed });
    try {
      // A run that goes on from a checkpoint has said this before, and its log is kept.
      if (replay === undefined && (await saved.load()) === undefined) {
        yield* preparedEvents(prepared);
        yield text(trainableLine(policy.counts));
      }
      yield* fineTune(sftObjective(policy, prepared, options, seed), {
        stage: 'sft',
        device,
        policy,
        options,
        view,
        seed,
        signal,
        checkpoint: saved,
        ...replayAt(replay),
      });
      if (replay !== undefined) return replayed;
      const asked = prepared.heldOut.length > 0 ? prepared.heldOut : prepared.examples;
      yield* degenerationReport(policy.still, prepared.encoder, asked, { ...view, seed });
      const { format } = prepared.encoder;
      const result = policy.result();
      return { model: format ? { ...result, design: { ...result.design, chat: format } } : result };
    } finally {
      policy.dispose();
    }
  },
});
