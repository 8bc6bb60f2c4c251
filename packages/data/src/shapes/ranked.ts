// The shape of K ranked answers to one prompt, as annotators give them: an order, ranks, scores, or our own feedback rows.
import type { CompletionValue, Message } from '@ingot/contracts';
import { typeWord } from '../rows/row.js';
import { answersTo } from './answers.js';
import { listField, numberField, numbersField, promptField } from './fields.js';
import { isTurn, readMessages } from './messages.js';
import { shape, type Refuse } from './shape.js';

interface Given {
  readonly answer: string | readonly Message[];
  readonly rank?: number;
  readonly score?: number;
}

const readGiven = (value: unknown, refuse: Refuse): Given => {
  if (typeof value === 'string') return { answer: value };
  if (Array.isArray(value) || isTurn(value))
    return { answer: readMessages(Array.isArray(value) ? value : [value], refuse) };
  const { text, rank, score } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof text !== 'string')
    return refuse(`wanted a text, messages or {text, rank?, score?}, got ${typeWord(value)}`);
  for (const [name, number] of Object.entries({ rank, score }))
    if (number !== undefined && typeof number !== 'number')
      return refuse(`wanted a number, got ${typeWord(number)}`, [name]);
  return {
    answer: text,
    ...(typeof rank === 'number' ? { rank } : {}),
    ...(typeof score === 'number' ? { score } : {}),
  };
};

/** Ranks with 0 for the best: as given, from scores, or from the order. */
const ranksOf = (
  ranks: readonly number[] | undefined,
  scores: readonly number[] | undefined,
  count: number,
): readonly number[] => {
  if (ranks) return ranks.map((rank) => rank - Math.min(...ranks));
  if (scores) return scores.map((score) => scores.filter((other) => other > score).length);
  return Array.from({ length: count }, (_, at) => at);
};

const all = (values: readonly (number | undefined)[]): readonly number[] | undefined =>
  values.every((value) => value !== undefined) ? values : undefined;

/** {prompt, completions, ranks? | scores?}: without either the best stands first. Ranks may begin anywhere, and less is better. */
export const rankedShape = shape({
  name: 'ranked',
  about: 'a prompt and two or more answers in an order, with ranks, or with scores',
  gives: 'ranked',
  columns: { prompt: promptField, completions: listField(readGiven) },
  optional: { ranks: numbersField, scores: numbersField, margin: numberField },
  read: (row, refuse) => {
    const { completions } = row;
    if (completions.length < 2) return refuse(`wanted two or more answers, got ${completions.length}`, ['completions']);
    for (const [name, numbers] of Object.entries({ ranks: row.ranks, scores: row.scores }))
      if (numbers && numbers.length !== completions.length)
        return refuse(`wanted a number for each of the ${completions.length} answers, got ${numbers.length}`, [name]);
    const scores = row.scores ?? all(completions.map(({ score }) => score));
    const ranks = ranksOf(row.ranks ?? all(completions.map(({ rank }) => rank)), scores, completions.length);
    const { prompt, texts, apart } = answersTo(
      row.prompt,
      completions.map(({ answer }) => answer),
      (message) => refuse(message, ['completions']),
    );
    const ordered: CompletionValue[] = texts
      .map((text, at) => ({ text, rank: ranks[at]!, ...(scores ? { score: scores[at]! } : {}) }))
      .toSorted((a, b) => a.rank - b.rank);
    const lead = scores ? ordered[0]!.score! - ordered.at(-1)!.score! : 0;
    return {
      gives: 'ranked',
      prompt,
      completions: ordered,
      ...(row.margin === undefined ? {} : { margin: row.margin }),
      ...(lead === 0 ? {} : { agrees: lead > 0 }),
      ...(apart ? { apart } : {}),
    };
  },
});
