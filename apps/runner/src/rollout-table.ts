// Tables of answers with their rewards, known by their columns prompt, answer and reward and by the step in their title, whichever stage made them.
import type { EventTypes } from '@ingot/core';

/** One answer. */
export interface RolloutRow {
  readonly prompt: string;
  readonly answer: string;
  readonly reward: number;
  /** Further numbers by column: other rewards, gold, tokens. */
  readonly numbers: Readonly<Record<string, number>>;
  /** Undefined where the table does not say. */
  readonly ended?: boolean;
}
/** Answers of one step. */
export interface Rollouts {
  readonly step: number;
  /** What the title says after the step: 'held out', 'evaluation'; empty for a round that is learnt from. */
  readonly at: string;
  readonly rows: readonly RolloutRow[];
}

const TITLE = /\bat step (?<step>\d+)(?:, (?<at>.+))?$/;

const rowOf = (row: EventTypes['table']['rows'][number]): RolloutRow | undefined => {
  const { prompt, answer, reward, ended, ...rest } = row;
  if (prompt === undefined || answer === undefined || typeof reward !== 'number') return undefined;
  const numbers = Object.entries(rest).filter((entry): entry is [string, number] => typeof entry[1] === 'number');
  return {
    prompt: String(prompt),
    answer: String(answer),
    reward,
    numbers: Object.fromEntries(numbers),
    ...(ended !== undefined && { ended: ended !== 'no' }),
  };
};

/** The answers of such a table; undefined for any other. */
export const rolloutsOf = ({ title, rows }: Pick<EventTypes['table'], 'title' | 'rows'>): Rollouts | undefined => {
  const { step, at = '' } = TITLE.exec(title)?.groups ?? {};
  if (step === undefined || rows.length === 0) return undefined;
  const made = rows.map(rowOf);
  if (made.includes(undefined)) return undefined;
  return { step: Number(step), at, rows: made.filter((row) => row !== undefined) };
};

/** The answer of the highest reward and that of the lowest; the first of equals. */
export const bestAndWorst = ({ rows }: Rollouts): readonly [best: RolloutRow, worst: RolloutRow] => {
  const [first] = rows as readonly [RolloutRow, ...RolloutRow[]];
  return [
    rows.reduce((best, row) => (row.reward > best.reward ? row : best), first),
    rows.reduce((worst, row) => (row.reward < worst.reward ? row : worst), first),
  ];
};
