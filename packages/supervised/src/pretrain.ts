// The stage `pretrain`: next-token prediction from scratch, resumable to the same bits.
import {
  defineStage,
  Installed,
  IngotError,
  metric,
  replayed,
  table,
  text,
  warning,
  type StageEvent,
} from '@ingot/core';
import type { ParameterTree } from '@ingot/tensor';
import { Design, Device, Family, Model, Tokens } from '@ingot/contracts';
import { createMeter, judgeLoss, lookAtStep, measureMemory, measurePeakFlops, windows } from '@ingot/training';
import { afterStep } from './after-step.js';
import { promptIds } from './continuation.js';
import { pretrainOptions, pretrainView } from './options.js';
import { checkReplay, checkTokens, scaleOf } from './scale.js';
import { bytes, memoryLine, openingLine, replayLine } from './texts.js';
import { trainStep } from './train-step.js';
import { startRun } from './trainer-state.js';

/** The look at a step, whose events go into `kept` after the update. */
const keep =
  (kept: StageEvent[], look: ReturnType<typeof lookAtStep>) =>
  (parameters: ParameterTree): (() => void) => {
    const after = look(parameters);
    return () => void kept.push(...after());
  };

/**
 * design + tokens -> model. Minimises mean −log p(next token) over windows of the training split.
 * Evaluates, samples and saves on the way; a killed run goes on to the same bits; a cancelled one saves before it ends.
 * A replay of step N goes on from a checkpoint of an earlier step to the same bits, without evaluations and samples, and tells N's gradients.
 * Errors: `bad-options`, `bad-wiring`, `bad-input` before any work; `bad-numbers` for a NaN, an infinity or a loss spike, with the reason.
 */
export const pretrain = defineStage({
  name: 'pretrain',
  version: 1,
  inputs: { design: Design, tokens: Tokens },
  outputs: { model: Model },
  needs: { device: Device, installed: Installed },
  options: pretrainOptions,
  view: pretrainView,
  draws: true,
  computes: true,
  replays: true,
  async estimate({ options, inputs: { design }, installed }) {
    if (!design) return undefined;
    const { steps, length, tokensPerStep } = scaleOf(options, design);
    const { trainingBytes, flopsPerToken } = (await installed.make(Family, design.family)).estimate(
      design,
      options.batch,
      length,
    );
    return { bytes: trainingBytes, flops: steps * tokensPerStep * flopsPerToken };
  },
  async *run({ inputs, options, view, services: { device, installed }, seed, signal, checkpoint, replay }) {
    const { design, tokens } = inputs;
    const scale = scaleOf(options, design);
    checkReplay(replay, scale);
    checkTokens(tokens, design, scale, options);
    // A prompt that cannot be spelt is told now, not at the first sample.
    if (view.sampleEvery !== undefined) promptIds(design, { prompts: view.prompts, tokens: view.sampleTokens });
    const family = await installed.make(Family, design.family);
    if (family.version !== design.version)
      throw new IngotError(
        'bad-input',
        `The design is of version ${design.version} of family '${design.family}', installed is version ${family.version}. Install the version that made it, or make the design again.`,
      );

    const estimate = family.estimate(design, options.batch, scale.length);
    if (device.limit !== undefined && estimate.trainingBytes > device.limit)
      throw new IngotError(
        'out-of-memory',
        `Pretraining would need about ${bytes(estimate.trainingBytes)}, and device '${device.name}' can hold ${bytes(device.limit)} whatever the machine has. Try another device (INGOT_DEVICE), or a smaller batch, context or model.`,
      );
    const read = windows(tokens.splits.train, { length: scale.length, order: options.order, seed });
    device.resetPeak();
    const run = await startRun({
      device,
      family,
      design,
      optimiser: options.optimiser,
      seed,
      checkpoint,
      before: replay,
    });
    const { progress } = run;
    const around = { options, view, scale, tokens, seed };
    const begunAt = progress.step;
    const looked: StageEvent[] = [];
    let whole = true;
    try {
      if (replay !== undefined) progress.pending = [text(replayLine(replay, begunAt))];
      else if (!run.resumed) {
        progress.pending.push(text(openingLine(estimate.parameters, scale, tokens.splits.train.tokens)));
        if (tokens.splits.validation.tokens < 2)
          progress.pending.push(warning('There is no validation text: nothing is evaluated.'));
      }
      const meter = createMeter({
        tokensPerStep: scale.tokensPerStep,
        flopsPerToken: estimate.flopsPerToken,
        peakFlops: measurePeakFlops(device),
      });
      for (;;) {
        // An event leaves `pending` before it is given out: stopped here, the run's log holds it and a checkpoint need not.
        while (progress.pending.length > 0) {
          signal.throwIfAborted();
          yield progress.pending.shift()!;
        }
        signal.throwIfAborted();
        if (progress.step === replay) return replayed;
        if (
          !replay &&
          progress.step > begunAt &&
          progress.step % view.checkpointEvery === 0 &&
          progress.step < scale.steps
        ) {
          await run.save(checkpoint);
          meter.skip();
        }
        if (progress.step >= scale.steps) break;

        whole = false;
        const factor = options.schedule(progress.step, scale.steps);
        const { loss, gradientNorm } = trainStep(run, read(progress, scale.rows), {
          step: progress.step,
          rows: options.batch,
          factor,
          clip: options.clip ?? undefined,
          dropoutSeed: options.dropout ? seed : undefined,
          anomaly: view.anomaly,
          look: progress.step + 1 === replay ? keep(looked, lookAtStep(replay)) : undefined,
        });
        progress.step++;
        progress.row += scale.rows;
        const lr = run.optimiser.lr * factor;
        if (replay !== undefined) {
          progress.pending = [metric(progress.step, { loss, lr, gradientNorm }, replay), ...looked];
          continue;
        }
        const { state, stop } = judgeLoss(progress.guard, loss, {
          factor: view.spikeFactor,
          patience: view.spikePatience,
        });
        if (stop !== undefined)
          throw new IngotError(
            'bad-numbers',
            `The stage 'pretrain' stopped at step ${progress.step}: ${stop}. The last checkpoint is kept. Try a lower learning rate or a longer warm-up; spikeFactor and spikePatience say when to stop.`,
          );
        progress.guard = state;
        const { millisecondsPerStep, tokensPerSecond, flopsUtilisation, etaSeconds } = meter.tick(
          scale.steps - progress.step,
        );
        progress.pending = afterStep(run, around, {
          loss,
          lr,
          gradientNorm,
          tokensPerSecond,
          flopsUtilisation,
          millisecondsPerStep,
          etaSeconds,
        });
        if (progress.pending.length > 1) meter.skip();
        whole = true;
      }
      const memory = measureMemory(device);
      yield text(memoryLine(estimate.trainingBytes, memory));
      yield table('Memory', [
        { predicted: estimate.trainingBytes, measured: memory.devicePeak, resident: memory.resident },
      ]);
      return { model: run.result() };
    } finally {
      if (signal.aborted && whole && !replay) await run.save(checkpoint);
      run.dispose();
      device.trim?.();
    }
  },
});
