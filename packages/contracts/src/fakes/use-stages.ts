// Fake stages that use a model: generation, evaluation, serving.
import { defineStage, kind, list, many, sample } from '@ingot/core';
import * as z from 'zod';
import { AlignedModel, Model, Report, Samples } from '../kinds.js';
import { Sampler } from '../parts.js';
import { Evaluator } from '../tokens.js';
import { fakeReport, fakeSamples } from './values.js';

/** Says what the samplers do to the logits 1, 2, 3. */
export const generate = defineStage({
  name: 'generate',
  version: 1,
  inputs: { model: Model },
  outputs: { samples: Samples },
  draws: true,
  options: z.strictObject({
    prompt: z.string().default(''),
    tokens: z.int().positive().default(16),
    sampler: list(Sampler).prefault([{ use: 'temperature' }]),
  }),
  async *run({ options }) {
    const step = { history: [], promptLength: 0 };
    const logits = options.sampler.reduce(
      (changed, sampler) => sampler(changed, step),
      Float32Array.of(1, 2, 3) as Float32Array,
    );
    const said = [...logits].join(' ');
    yield sample(said, options.prompt);
    return { samples: fakeSamples(said) };
  },
});
/** Compares a model with others by the evaluator's verbs. */
export const evaluate = defineStage({
  name: 'evaluate',
  version: 1,
  inputs: { model: Model, against: many(Model) },
  outputs: { report: Report },
  needs: { evaluator: Evaluator },
  mixes: ['tokenizer'],
  options: z.strictObject({ tasks: z.array(z.string()).min(1) }),
  async *run({ inputs, services }) {
    const opened = await services.evaluator.open(inputs.model);
    try {
      const [scored] = await opened.rollingLogLikelihood(['one text']);
      return {
        report: fakeReport({
          'bits per byte': scored ? -scored.logProbability / scored.bytes / Math.LN2 : 0,
          models: 1 + inputs.against.length,
        }),
      };
    } finally {
      opened.dispose();
    }
  },
});
/** An address; made by the fake `serve`. */
export const Server = kind<{ readonly url: string }>()('@ingot/contracts/fake-server');
/** Serving takes an aligned model and opens no port. */
export const serve = defineStage({
  name: 'serve',
  version: 1,
  inputs: { model: AlignedModel },
  outputs: { server: Server },
  options: z.strictObject({ port: z.int().default(8080) }),
  async *run({ options }) {
    return { server: { url: `http://127.0.0.1:${options.port}` } };
  },
});
