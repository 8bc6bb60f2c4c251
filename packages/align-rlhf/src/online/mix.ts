// PPO-ptx: examples learnt beside the answers, so that what the model knew is not lost (Ouyang et al. 2022, equation 2).
import { IngotError } from '@ingot/core';
import type { ExampleRow, LiveModel, RowsValue } from '@ingot/contracts';
import { backward, scope } from '@ingot/tensor';
import { encodeExample, type ChatEncoder } from '@ingot/text';
import { packedBatch, rowOrder, weightedLoss, type Measured, type WeightedSequence } from '@ingot/training';

/** Examples as tokens, and how they are learnt. */
export interface Mix {
  readonly sequences: readonly WeightedSequence[];
  /** Of one step. */
  readonly rows: number;
  /** Of their mean loss in the sum. */
  readonly weight: number;
  readonly seed: number;
}

/** Reads the port `mix`; undefined where it is empty of wires. Throws `bad-input` for rows that cannot be learnt, and for none. */
export async function readMix(
  examples: RowsValue<ExampleRow> | undefined,
  how: { readonly mixRows: number; readonly mixWeight: number },
  where: { readonly encoder: ChatEncoder; readonly maxTokens: number; readonly stage: string; readonly seed: number },
): Promise<Mix | undefined> {
  if (!examples) return undefined;
  const sequences: WeightedSequence[] = [];
  for await (const row of examples.read()) {
    try {
      sequences.push(encodeExample(where.encoder, row, { maxTokens: where.maxTokens }));
    } catch (cause) {
      if (!IngotError.is(cause)) throw cause;
      const at = `The stage '${where.stage}', port 'mix', row ${sequences.length}`;
      throw new IngotError(cause.code, `${at}: ${cause.message}`, { cause });
    }
  }
  if (sequences.length === 0)
    throw new IngotError(
      'bad-input',
      `The stage '${where.stage}' was given an empty mix. Leave the port 'mix' out, or give examples.`,
    );
  return { sequences, rows: how.mixRows, weight: how.mixWeight, seed: where.seed };
}

/** Adds the gradient of weight · mean(−log p) over this step's examples; gives their loss and tokens. */
export function learnMix(model: LiveModel, mix: Mix, step: number): Measured {
  const order = rowOrder(mix.sequences.length, mix.seed, 'mix');
  const chosen = order(step * mix.rows, mix.rows).map((row) => mix.sequences[row]!);
  const batch = packedBatch(chosen);
  return scope(() => {
    const sum = weightedLoss(model, batch);
    const loss = sum.item() / batch.weight;
    backward(sum, mix.weight / batch.weight);
    return { loss, tokens: chosen.reduce((total, { ids }) => total + ids.length, 0) };
  });
}
