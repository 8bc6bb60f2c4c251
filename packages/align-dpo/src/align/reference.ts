// Log-probabilities of the reference, token by token: computed once before training, by a copy, by the model with its adapter off, or read from an artifact.
import { IngotError } from '@ingot/core';
import type { LiveModel, ReferenceRow, ReferenceScoresValue } from '@ingot/contracts';
import { noGrad, scope } from '@ingot/tensor';
import { sequenceLogProbabilities } from '@ingot/training';
import type { EncodedCompletion } from './encode.js';

/** log π_ref of the scored tokens of completions, by their places in the list. */
export interface Reference {
  tokens(places: readonly number[]): readonly Float32Array[];
}

/** Completions in one forward pass where nothing is learnt: more would only take memory. */
const SCORED_AT_ONCE = 16;

/** log π of every scored token of each completion, without gradients, `atOnce` completions at a time; (lengths) numbers each. */
export function tokenScores(
  model: LiveModel,
  completions: readonly EncodedCompletion[],
  atOnce = SCORED_AT_ONCE,
): Float32Array[] {
  const scores: Float32Array[] = [];
  for (let first = 0; first < completions.length; first += atOnce)
    scores.push(...scoresOf(model, completions.slice(first, first + atOnce)));
  return scores;
}

const scoresOf = (model: LiveModel, completions: readonly EncodedCompletion[]): Float32Array[] =>
  noGrad(() =>
    scope(() => {
      const { tokens, lengths } = sequenceLogProbabilities(model, completions, rowsOf(model));
      const all = tokens.read() as Float32Array;
      let at = 0;
      return Array.from(lengths, (length) => all.slice(at, (at += length)));
    }),
  );

/** Rows with the least padding, at most the model's context, so that several completions share one. */
export const rowsOf = ({ design }: LiveModel): { readonly limit: number } => ({ limit: design.context });

/** Computed anew for each batch by a model that is there: a copy, or the policy with its adapter off. */
export const liveReference = (model: LiveModel, completions: readonly EncodedCompletion[]): Reference => ({
  tokens: (places) =>
    tokenScores(
      model,
      places.map((place) => completions[place]!),
    ),
});

/** Computed once and held on the host: 4 bytes a token. `breathe` is called in between. */
export async function computedOnce(
  model: LiveModel,
  completions: readonly EncodedCompletion[],
  breathe: () => Promise<void>,
): Promise<Reference> {
  const held: Float32Array[] = [];
  for (let first = 0; first < completions.length; first += SCORED_AT_ONCE) {
    held.push(...tokenScores(model, completions.slice(first, first + SCORED_AT_ONCE)));
    await breathe();
  }
  return { tokens: (places) => places.map((place) => held[place]!) };
}

/** Of an artifact that `reference-scores` made of the same feedback. Throws `bad-wiring` when it belongs to other rows or another length. */
export async function storedReference(
  stored: ReferenceScoresValue,
  completions: readonly EncodedCompletion[],
  how: { readonly stage: string; readonly rows: number; readonly maxTokens: number },
): Promise<Reference> {
  const refuse = (got: string): IngotError =>
    new IngotError(
      'bad-wiring',
      `The stage '${how.stage}' was given reference log-probabilities of other feedback: ${got}. Make them by 'reference-scores' from the same feedback and maxTokens, or leave the port 'reference' out.`,
    );
  if (stored.rows !== how.rows) throw refuse(`they have ${stored.rows} rows, the feedback ${how.rows}`);
  if (stored.maxTokens !== how.maxTokens)
    throw refuse(`they were made with maxTokens ${stored.maxTokens}, this stage has ${how.maxTokens}`);
  const rows: ReferenceRow[] = [];
  for await (const row of stored.read()) rows.push(row);
  const held = completions.map(({ row, completion, ids, from }) => {
    const tokens = rows[row]?.tokens?.[completion];
    if (tokens === undefined || tokens.length !== ids.length - from)
      throw refuse(`row ${row} has ${tokens?.length ?? 0} tokens, wanted ${ids.length - from}`);
    return Float32Array.from(tokens);
  });
  return { tokens: (places) => places.map((place) => held[place]!) };
}
