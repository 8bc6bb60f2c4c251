// The stage behind `ingot sample`: made for one command, so that the device and the samplers come from the container as for any stage.
import { Device, type ModelValue } from '@ingot/contracts';
import { defineStage, Installed, IngotError, kind, text } from '@ingot/core';
import { generate, loadModel } from '@ingot/decoding';
import { loadTokenizer } from '@ingot/text';
import * as z from 'zod';
import { samplersOf, samplingOptions } from './samplers.js';

/** What `ingot sample --json` prints. */
export interface SampleResult {
  readonly text: string;
  readonly tokens: number;
  readonly tokensPerSecond: number;
  readonly prompt: string;
  readonly ended: string;
  readonly seed: number;
  readonly device: string;
}
const Said = kind<SampleResult>()('ingot/said');

const options = z.strictObject({ prompt: z.string(), ...samplingOptions });

/** Where the model comes from: called with the container's families. */
export type OpenSource = (installed: Installed) => Promise<ModelValue>;

/** A stage that continues one prompt; its text comes as events, piece by piece. Speed counts generated tokens from the first one fed. */
export const sampleStage = (source: OpenSource) =>
  defineStage({
    name: 'sample-once',
    version: 1,
    inputs: {},
    outputs: { said: Said },
    options,
    needs: { device: Device, installed: Installed },
    volatile: true,
    computes: true,
    async *run({ options: how, services: { device, installed }, signal }) {
      const model = await source(installed);
      const tokenizer = loadTokenizer(model.design.tokenizer);
      const ids = [...tokenizer.encode(how.prompt)];
      if (ids.length === 0 && tokenizer.endOfText === undefined)
        throw new IngotError(
          'bad-options',
          "--prompt is empty, and this model's tokenizer has no end-of-text token to start from. Give a prompt.",
        );
      const samplers = await samplersOf(installed, how);
      const loaded = await loadModel({ device, installed, model });
      try {
        const began = performance.now();
        let said = '';
        let tokens = 0;
        let ended = 'length';
        const endOfText = tokenizer.endOfText;
        for await (const event of generate(loaded, {
          prompts: [ids.length > 0 ? ids : [endOfText ?? 0]],
          tokens: how.tokens,
          samplers,
          seed: how.seed,
          bytes: (id) => tokenizer.bytes(id),
          logProbabilities: false,
          atContextEnd: 'slide',
          signal,
          ...(endOfText === undefined ? {} : { endOfText }),
        })) {
          if (event.type === 'end') {
            ended = event.ended;
            const rest = event.text.slice(said.length);
            if (rest) yield text(rest);
            said = event.text;
            continue;
          }
          tokens++;
          said += event.text;
          if (event.text) yield text(event.text);
        }
        const seconds = (performance.now() - began) / 1000;
        return {
          said: {
            text: said,
            tokens,
            tokensPerSecond: Number((tokens / seconds).toFixed(2)),
            prompt: how.prompt,
            ended,
            seed: how.seed,
            device: device.name,
          },
        };
      } finally {
        loaded.dispose();
      }
    },
  });
