// Examples as weighted tokens, and what the lint wants to know of each.
import { IngotError } from '@ingot/core';
import type { ExampleRow, PromptValue, RowsValue } from '@ingot/contracts';
import { encodeExample, type ChatEncoder } from '@ingot/text';
import type { WeightedSequence } from '@ingot/training';

/** An example that can be learnt from. */
export interface ReadExample extends WeightedSequence {
  /** Its place in the data. */
  readonly row: number;
  readonly truncated: boolean;
  /** What asks for the response; undefined for a plain text. */
  readonly prompt?: PromptValue;
  /** The last answer, or the text. */
  readonly response: string;
}
/** A row that cannot be learnt from, and why. */
export interface BadRow {
  readonly row: number;
  readonly why: string;
}

/** What asks for the last answer of a row, and that answer. */
function promptAndResponse(row: ExampleRow): { readonly prompt?: PromptValue; readonly response: string } {
  if ('text' in row) return { response: row.text };
  if ('completion' in row) return { prompt: row.prompt, response: row.completion };
  const last = row.messages.findLastIndex(({ role }) => role === 'assistant');
  const prompt = row.messages.slice(0, last);
  const response = row.messages[last]?.content ?? '';
  return prompt.length === 0 ? { response } : { prompt, response };
}

/** Encodes rows; those that are refused, have nothing before what is learnt, or nothing to learn are bad. Throws what is no fault of a row. */
export async function readExamples(
  rows: RowsValue<ExampleRow>,
  encoder: ChatEncoder,
  maxTokens: number,
): Promise<{ readonly examples: readonly ReadExample[]; readonly bad: readonly BadRow[] }> {
  const examples: ReadExample[] = [];
  const bad: BadRow[] = [];
  let row = -1;
  for await (const example of rows.read()) {
    row++;
    try {
      const { ids, weights, truncated } = encodeExample(encoder, example, { maxTokens });
      if (ids.length < 2) bad.push({ row, why: `It has ${ids.length} tokens, with none before what is learnt.` });
      else if (!weights.some((weight, i) => i > 0 && weight > 0))
        bad.push({ row, why: 'All of its tokens are masked (weight 0): there is nothing to learn.' });
      else examples.push({ ids, weights, truncated, row, ...promptAndResponse(example) });
    } catch (error) {
      if (!IngotError.is(error) || error.code !== 'bad-input') throw error;
      bad.push({ row, why: error.message });
    }
  }
  return { examples, bad };
}
