// Batches of log-probabilities for the losses: one forward pass over all completions of a micro-batch, packed, and the reference beside it.
import type { Completions, LabelledBatch, LiveModel, PreferenceBatch } from '@ingot/contracts';
import { concat, slice, tensor, type Tensor } from '@ingot/tensor';
import { padTokens, sequenceLogProbabilities, type RowsContext } from '@ingot/training';
import { pairFromTokens } from '../batch.js';
import type { EncodedCompletion, Label, Pair } from './encode.js';
import { rowsOf, type Reference } from './reference.js';

/** What scores are made of. */
export interface ScoreSource {
  readonly model: LiveModel;
  readonly completions: readonly EncodedCompletion[];
  /** Undefined for losses that need none. */
  readonly reference: Reference | undefined;
}

interface TokenRows {
  /** (N, T), zeros behind each row's own tokens. */
  readonly policy: Tensor;
  readonly reference?: Tensor;
  readonly lengths: Int32Array;
}

/** Token by token, (N, T), of completions by place: policy with gradient unless inside of `noGrad`, reference without. */
function tokenRows(
  { model, completions, reference }: ScoreSource,
  places: readonly number[],
  context: RowsContext,
): TokenRows {
  const sequences = places.map((place) => completions[place]!);
  const { tokens, lengths } = sequenceLogProbabilities(model, sequences, { ...rowsOf(model), ...context });
  const policy = padTokens(tokens, lengths);
  if (reference === undefined) return { policy, lengths };
  const width = policy.shape[1]!;
  const padded = new Float32Array(places.length * width);
  reference.tokens(places).forEach((own, row) => padded.set(own, row * width));
  return { policy, lengths, reference: tensor(model.device, padded, [places.length, width]) };
}

const cut = ({ policy, reference, lengths }: TokenRows, start: number, count: number): TokenRows => {
  const part = (x: Tensor): Tensor => slice(x, [start, 0], [count, x.shape[1]!]);
  return {
    policy: part(policy),
    lengths: lengths.slice(start, start + count),
    ...(reference && { reference: part(reference) }),
  };
};

/** Scores of pairs: chosen and rejected in one pass. */
export function scorePairs(source: ScoreSource, pairs: readonly Pair[], context: RowsContext = {}): PreferenceBatch {
  const count = pairs.length;
  const all = tokenRows(
    source,
    [...pairs.map(({ chosen }) => chosen), ...pairs.map(({ rejected }) => rejected)],
    context,
  );
  return pairFromTokens(cut(all, 0, count), cut(all, count, count));
}

/** Sums of token rows; a loss of labels has no partner whose length could matter. */
function summed(rows: TokenRows): Completions {
  const { chosen } = pairFromTokens(rows, rows);
  const { tail: _, ...rest } = chosen;
  return rest;
}

/** Scores of labelled completions: liked ones as chosen, the others as rejected, each in the order of the labels. */
export function scoreLabels(source: ScoreSource, labels: readonly Label[], context: RowsContext = {}): LabelledBatch {
  const liked = labels.filter((label) => label.liked).map(({ completion }) => completion);
  const disliked = labels.filter((label) => !label.liked).map(({ completion }) => completion);
  const all = tokenRows(source, [...liked, ...disliked], context);
  return {
    ...(liked.length > 0 && { chosen: summed(cut(all, 0, liked.length)) }),
    ...(disliked.length > 0 && { rejected: summed(cut(all, liked.length, disliked.length)) }),
  };
}

/** Scores of the mismatched completions of labels, for KTO's KL; none where there are none. */
export function scoreMismatched(source: ScoreSource, labels: readonly Label[]): Pick<LabelledBatch, 'mismatched'> {
  const places = labels.flatMap(({ mismatched }) => (mismatched === undefined ? [] : [mismatched]));
  return places.length === 0 ? {} : { mismatched: summed(tokenRows(source, places, {})) };
}

/** Two sides as one, to score statistics of a batch that came in pieces. */
export function joined(parts: readonly LabelledBatch[]): LabelledBatch {
  const side = (name: 'chosen' | 'rejected' | 'mismatched'): Partial<LabelledBatch> => {
    const sides = parts.flatMap((part) => part[name] ?? []);
    const [first] = sides;
    if (first === undefined) return {};
    const together = (of: (side: Completions) => Tensor | undefined): Tensor | undefined => {
      const tensors = sides.flatMap((one) => of(one) ?? []);
      return tensors.length === sides.length ? concat(tensors, 0) : undefined;
    };
    const reference = together((one) => one.reference);
    const tail = { policy: together((one) => one.tail?.policy), reference: together((one) => one.tail?.reference) };
    return {
      [name]: {
        policy: together((one) => one.policy)!,
        lengths: sides.flatMap(({ lengths }) => Array.from(lengths)),
        ...(reference && { reference }),
        ...(tail.policy && { tail: { policy: tail.policy, ...(tail.reference && { reference: tail.reference }) } }),
      },
    };
  };
  return { ...side('chosen'), ...side('rejected'), ...side('mismatched') };
}
