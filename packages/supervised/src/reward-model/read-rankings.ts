// Feedback as rankings of tokens: the answers of a prompt, and who beat whom; with what is wrong in the rows.
import { IngotError } from '@ingot/core';
import type { FeedbackRow, RowsValue } from '@ingot/contracts';
import { encodeCompletion, type ChatEncoder } from '@ingot/text';
import { rankedPairs, type PairsOfRow, type RankedPair } from '@ingot/training';

/** One prompt's answers. */
export interface Ranking {
  /** Prompt, answer and the token that ends it, (K) of them: those that a pair needs. */
  readonly answers: readonly Int32Array[];
  /** The answers as they were written, (K). */
  readonly texts: readonly string[];
  /** Tokens of each answer, its end included, (K). */
  readonly lengths: readonly number[];
  /** Places among the answers. */
  readonly pairs: readonly RankedPair[];
  readonly margin: number | undefined;
  /** Of two answers: the probability that the winner is better, where their scores are two probabilities. */
  readonly preference?: number | undefined;
  /** The prompt, for splits that keep its rows together. */
  readonly prompt: string;
}
/** What was found in the rows. */
export interface RankingNotes {
  readonly rows: number;
  readonly pairs: number;
  /** Pairs of the same text, which teach nothing and are left out. */
  readonly identical: number;
  /** Rows without a pair: all are ties, or the same. */
  readonly without: number;
  readonly truncated: number;
}
/** How rows are read. */
export interface ReadRankingsHow {
  readonly encoder: ChatEncoder;
  readonly maxTokens: number;
  readonly pairs: PairsOfRow;
  /** The port, for messages. */
  readonly port: string;
}

const named = (how: ReadRankingsHow, row: number): string => `The stage 'reward-model', port '${how.port}', row ${row}`;

function encodeAnswers(row: FeedbackRow, at: number, which: readonly number[], how: ReadRankingsHow) {
  return which.map((index) => {
    const { text } = row.completions[index]!;
    if (text.trim() === '')
      throw new IngotError(
        'bad-input',
        `${named(how, at)}: its answer ${index} is empty. Leave such rows out: they teach the reward of silence.`,
      );
    try {
      return encodeCompletion(how.encoder, row.prompt, text, { maxTokens: how.maxTokens });
    } catch (cause) {
      if (!IngotError.is(cause)) throw cause;
      throw new IngotError(cause.code, `${named(how, at)}: ${cause.message}`, { cause });
    }
  });
}

/** The winner's score where a row has two answers, with scores that are the probabilities of being the better one. */
function preferenceOf({ completions }: FeedbackRow, winner: number): number | undefined {
  const scores = completions.map(({ score = Number.NaN }) => score);
  const sum = scores.reduce((total, one) => total + one, 0);
  if (scores.length !== 2 || !(Math.abs(sum - 1) <= 1e-6) || scores.some((one) => one < 0 || one > 1)) return undefined;
  return scores[winner];
}

/** Throws `bad-input` when more than half of the pairs that carry scores contradict them: the columns are swapped. */
function checkScores(contradicted: number, pairs: number, how: ReadRankingsHow): void {
  if (contradicted <= pairs / 2) return;
  throw new IngotError(
    'bad-input',
    `The stage 'reward-model', port '${how.port}': in ${contradicted} of ${pairs} pairs the better answer has the lower score. Are the columns swapped? Exchange chosen and rejected, or leave the scores out.`,
  );
}

/**
 * Reads and encodes rankings.
 * @throws IngotError `bad-input` for an empty answer, for scores that contradict the ranks of most pairs, and for no pair at all.
 */
export async function readRankings(
  rows: RowsValue<FeedbackRow>,
  how: ReadRankingsHow,
): Promise<{ readonly rankings: readonly Ranking[]; readonly notes: RankingNotes }> {
  const rankings: Ranking[] = [];
  let [at, pairs, identical, without, truncated, contradicted] = [0, 0, 0, 0, 0, 0];
  for await (const row of rows.read()) {
    const text = (index: number): string | undefined => row.completions[index]?.text;
    const score = (index: number): number => row.completions[index]?.score ?? Number.NaN;
    const all = rankedPairs(row, how.pairs);
    const useful = all.filter(({ winner, loser }) => text(winner) !== text(loser));
    identical += all.length - useful.length;
    contradicted += useful.filter(({ winner, loser }) => score(winner) < score(loser)).length;
    pairs += useful.length;
    if (useful.length === 0) without++;
    else {
      const which = [...new Set(useful.flatMap(({ winner, loser }) => [winner, loser]))].toSorted((a, b) => a - b);
      const encoded = encodeAnswers(row, at, which, how);
      truncated += encoded.filter((one) => one.truncated).length;
      rankings.push({
        answers: encoded.map(({ ids }) => ids),
        texts: which.map((index) => row.completions[index]!.text),
        lengths: encoded.map(({ ids, promptLength }) => ids.length - promptLength),
        pairs: useful.map(({ winner, loser }) => ({ winner: which.indexOf(winner), loser: which.indexOf(loser) })),
        margin: row.margin,
        preference: preferenceOf(row, useful[0]!.winner),
        prompt: JSON.stringify(row.prompt),
      });
    }
    at++;
  }
  if (pairs === 0)
    throw new IngotError(
      'bad-input',
      `The stage 'reward-model', port '${how.port}', found no pair to learn from in ${at} rows: ${identical} pairs have the same text on both sides, the other rows are ties or single answers. Give two answers or more that differ.`,
    );
  checkScores(contradicted, pairs, how);
  return { rankings, notes: { rows: at, pairs, identical, without, truncated } };
}
