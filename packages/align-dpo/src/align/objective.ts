// What alignment learns in one step: a preference loss over a batch in micro-batches, exactly as over the whole, and a supervised term on the mix.
import { IngotError, type Json } from '@ingot/core';
import type { BatchStatistics, LabelledBatch, LossParts, PreferenceBatch, PreferenceLossValue } from '@ingot/contracts';
import { backward, noGrad, scope } from '@ingot/tensor';
import {
  packedBatch,
  rowOrder,
  weightedLoss,
  type Measured,
  type RowsContext,
  type WeightedSequence,
} from '@ingot/training';
import { microStatistics } from '../batch.js';
import type { Label, Pair } from './encode.js';
import { rowsOf } from './reference.js';
import { joined, scoreLabels, scoreMismatched, scorePairs, type ScoreSource } from './scores.js';

/** Rows to learn from: pairs, or labels. */
export type Rows =
  | { readonly kind: 'pairs'; readonly pairs: readonly Pair[] }
  | { readonly kind: 'labels'; readonly labels: readonly Label[] };

/** How the rows are learnt. */
export interface PreferenceHow {
  readonly loss: PreferenceLossValue;
  /** Rows at once; all of the batch when left out. */
  readonly microBatch: number | undefined;
  /** This step's β; the loss's own when undefined. */
  beta(step: number): number | undefined;
  /** What the forward pass of the rows from `firstRow` on is given: dropout. */
  context?(step: number, firstRow: number): RowsContext;
}

/** Conversations beside the feedback, learnt as in SFT. */
export interface Mix {
  readonly sequences: readonly WeightedSequence[];
  /** Sequences of one step. */
  readonly rows: number;
  /** Of its mean loss in the sum. */
  readonly weight: number;
  readonly seed: number;
}

const chunks = <T>(rows: readonly T[], size: number): (readonly T[])[] =>
  Array.from({ length: Math.ceil(rows.length / size) }, (_, i) => rows.slice(i * size, (i + 1) * size));

/** One kind of rows: how a part of them is scored, and cut out of the statistics of the whole. */
interface Scorer {
  readonly rows: number;
  readonly parts: readonly { readonly first: number; score(context: RowsContext): LabelledBatch }[];
  /** Beside the rows, for statistics alone. */
  extra(): LabelledBatch;
  cut(statistics: BatchStatistics, first: number, count: number): BatchStatistics;
}

function pairScorer(source: ScoreSource, pairs: readonly Pair[], size: number): Scorer {
  return {
    rows: pairs.length,
    parts: chunks(pairs, size).map((part, i) => ({
      first: i * size,
      score: (context) => scorePairs(source, part, context),
    })),
    extra: () => ({}),
    cut: microStatistics,
  };
}
function labelScorer(source: ScoreSource, labels: readonly Label[], size: number): Scorer {
  return {
    rows: labels.length,
    parts: chunks(labels, size).map((part, i) => ({
      first: i * size,
      score: (context) => scoreLabels(source, part, context),
    })),
    extra: () => scoreMismatched(source, labels),
    cut: (statistics) => statistics, // numbers of the whole batch: a row has none of its own
  };
}

const numbersOnly = (statistics: BatchStatistics): Record<string, number> =>
  Object.fromEntries(
    Object.entries(statistics).flatMap(([name, value]) => (typeof value === 'number' ? [[name, value]] : [])),
  );
const previousOf = (memory: Json): BatchStatistics | undefined =>
  typeof memory === 'object' && memory !== null && !Array.isArray(memory)
    ? (memory as Record<string, number>)
    : undefined;

/** The loss of rows, with gradients added into the policy's parameters unless inside of `noGrad`; `step` is counted from 0. */
export function preferenceStep(
  source: ScoreSource,
  rows: Rows,
  how: PreferenceHow,
  at: { readonly step: number; readonly memory: Json; readonly learn: boolean },
): Measured & { readonly memory?: Json } {
  const { loss } = how;
  const beta = how.beta(at.step);
  const given = rows.kind === 'pairs' ? rows.pairs.length : rows.labels.length;
  const size = how.microBatch ?? given;
  const scorer = rows.kind === 'pairs' ? pairScorer(source, rows.pairs, size) : labelScorer(source, rows.labels, size);
  const context = (first: number): RowsContext => how.context?.(at.step, first) ?? {};
  const previous = previousOf(at.memory);
  const statisticsOf = (whole: LabelledBatch): BatchStatistics | undefined =>
    loss.statistics?.(whole as PreferenceBatch, previous, beta);

  // Statistics of the whole batch come first; where it is in one piece, the scores that carry the gradient serve for both.
  const inOnePiece = scorer.parts.length === 1;
  const extra = (): LabelledBatch => noGrad(() => scorer.extra());
  const known =
    loss.statistics && !inOnePiece
      ? scope(() =>
          noGrad(() =>
            statisticsOf({ ...joined(scorer.parts.map(({ first, score }) => score(context(first)))), ...extra() }),
          ),
        )
      : undefined;

  let [sum, weight] = [0, 0];
  let memory: Json | undefined = known && numbersOnly(known);
  const stats: Record<string, number> = {};
  for (const { first, score } of scorer.parts)
    scope(() => {
      const batch = score(context(first));
      const count = Math.min(size, scorer.rows - first);
      const statistics = known
        ? scorer.cut(known, first, count)
        : statisticsOf({ ...batch, ...(loss.statistics && extra()) });
      if (statistics && !known) memory = numbersOnly(statistics);
      const parts: LossParts = loss.loss(batch as PreferenceBatch, statistics, beta);
      if (parts.weight !== count)
        throw new IngotError(
          'bad-batch',
          `A preference loss weighed ${count} rows as ${parts.weight}. Wanted a weight of one a row, so that micro-batches add up to the batch.`,
        );
      sum += parts.sum.item();
      weight += parts.weight;
      for (const [name, value] of Object.entries(parts.stats)) stats[name] = (stats[name] ?? 0) + value;
      if (at.learn) backward(parts.sum, 1 / scorer.rows);
    });
  const places =
    rows.kind === 'pairs'
      ? rows.pairs.flatMap(({ chosen, rejected }) => [chosen, rejected])
      : rows.labels.map(({ completion }) => completion);
  const tokens = places.reduce((total, place) => total + source.completions[place]!.ids.length, 0);
  return {
    loss: sum / weight,
    tokens,
    values: { ...means(stats), ...(beta === undefined ? {} : { beta }) },
    ...(memory === undefined ? {} : { memory }),
  };
}

/** Sums over rows as means, under TRL's names. */
function means(stats: Readonly<Record<string, number>>): Record<string, number> {
  const rows = { chosen: stats['rows/chosen'] ?? 0, rejected: stats['rows/rejected'] ?? 0 };
  const of = (name: string): number => (name.endsWith('/rejected') ? rows.rejected : rows.chosen);
  const shown = Object.entries(stats).flatMap(([name, value]): [string, number][] =>
    name.startsWith('rows/') || of(name) === 0 ? [] : [[name, value / of(name)]],
  );
  return Object.fromEntries(shown);
}

/** Adds the gradient of weight · mean(−log p) over this step's rows of the mix; gives its loss and tokens. */
export function mixStep(source: ScoreSource, mix: Mix, step: number, context: RowsContext = {}): Measured {
  const order = rowOrder(mix.sequences.length, mix.seed, 'mix');
  const chosen = order(step * mix.rows, mix.rows).map((row) => mix.sequences[row]!);
  const batch = packedBatch(chosen, rowsOf(source.model));
  return scope(() => {
    const sum = weightedLoss(source.model, batch, context);
    const loss = sum.item() / batch.weight;
    backward(sum, mix.weight / batch.weight);
    return { loss, tokens: chosen.reduce((total, { ids }) => total + ids.length, 0) };
  });
}
