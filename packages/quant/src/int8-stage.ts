// The stage `int8`: the first player of the role Quantise. A quarter of the bytes, and a quantised chat model is a chat model.
import { Quantise, weightBytes } from '@ingot/contracts';
import { table, text } from '@ingot/core';
import * as z from 'zod';
import { int8Model } from './int8-model.js';

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 3 : 1)} MB`;

/** Weights in eight bits with one scale a row; they stay packed in the store and while the model runs. */
export const int8Stage = Quantise.stage({
  name: 'int8',
  version: 1,
  options: z.strictObject({
    keep: z
      .array(z.string())
      .default([])
      .describe(
        "Weights that stay f32, by name or its beginning: ['wte'] keeps the token table and a head tied to it. Biases and norms always stay.",
      ),
  }),
  estimate({ inputs: { model } }) {
    if (!model) return undefined;
    const sizes = Object.values(model.tensors).map(({ shape }) => shape.reduce((product, n) => product * n, 1));
    // one tensor as f32 and its codes; twice over each weight a division, a rounding and two comparisons
    return { bytes: 5 * Math.max(0, ...sizes), flops: 8 * sizes.reduce((sum, n) => sum + n, 0), threads: 1 };
  },
  async *run({ inputs: { model }, options: { keep }, signal }) {
    const rows: Record<string, string | number>[] = [];
    const work = int8Model(model, { keep, signal });
    let step = await work.next();
    for (; !step.done; step = await work.next()) {
      const { name, shape, bits, error } = step.value;
      rows.push({
        tensor: name,
        shape: shape.join(' × '),
        'bits per weight': bits === undefined ? 'packed before' : Number(bits.toFixed(3)),
        'relative error': Number(error.toPrecision(3)),
      });
    }
    const small = step.value;
    const [before, after] = [weightBytes(model), weightBytes(small)];
    const weights = Object.values(model.tensors).reduce((sum, { shape }) => sum + shape.reduce((p, n) => p * n, 1), 0);
    yield table('int8: what became of each tensor', rows);
    yield text(
      `int8: ${megabytes(before)} became ${megabytes(after)}, ${((100 * after) / before).toFixed(1)}%: ${((8 * after) / weights).toFixed(3)} bits per weight over all ${weights.toLocaleString('en')}.`,
    );
    return { model: small };
  },
});
