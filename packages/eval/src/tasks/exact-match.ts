// Exact match of generated answers: generate until a stop string, take out the answer, spell it plainly, compare.
import type { EvaluatedModel, Measure } from '@ingot/contracts';
import { IngotError, messageOf } from '@ingot/core';

/** How two answers are spelt before they are compared. */
export const NORMALISE = {
  exact: (text: string) => text,
  trim: (text: string) => text.trim(),
  /** Lower case, no punctuation, single spaces: SQuAD's, but articles stay (Rajpurkar et al. 2016). */
  loose: (text: string) => text.toLowerCase().replaceAll(/\p{P}/gu, '').replaceAll(/\s+/gu, ' ').trim(),
} as const satisfies Record<string, (text: string) => string>;
export type Normalisation = keyof typeof NORMALISE;

export interface GenerateItem {
  readonly prompt: string;
  /** Any of these is right. */
  readonly targets: readonly string[];
  readonly until: readonly string[];
  /** A regular expression whose first group that matched (or the whole match) is the answer. */
  readonly extract?: string | undefined;
}

/** A regular expression, or `bad-input` with where it stands. */
export function compileExtract(pattern: string, where: string): RegExp {
  try {
    return new RegExp(pattern, 'g'); // not 'u': it refuses escapes that other languages allow, such as \-
  } catch (error) {
    throw new IngotError(
      'bad-input',
      `${where}: wanted a regular expression in 'extract', got ${JSON.stringify(pattern)}: ${messageOf(error)}.`,
      { cause: error },
    );
  }
}

/** The answer inside a text: the first or the last match of the pattern; undefined without a match, which is right for no target. */
export function extractAnswer(text: string, pattern: RegExp, take: 'first' | 'last'): string | undefined {
  const matches = [...text.matchAll(pattern)];
  const match = take === 'first' ? matches[0] : matches.at(-1);
  return match?.slice(1).find((group) => group !== undefined && group !== '') ?? match?.[0];
}

export interface ExactMatchOptions {
  /** The most new tokens; 256 unless said, as the harness. */
  readonly tokens?: number;
  readonly take?: 'first' | 'last';
  readonly normalise?: Normalisation;
  readonly signal?: AbortSignal | undefined;
}

/** `exact_match` of the items, each 1 or 0. Throws `bad-input` for a pattern that is none. */
export async function exactMatchMeasures(
  model: EvaluatedModel,
  items: readonly GenerateItem[],
  { tokens = 256, take = 'first', normalise = 'trim', signal }: ExactMatchOptions = {},
): Promise<Measure[]> {
  const patterns = items.map(({ extract }, i) =>
    extract === undefined ? undefined : compileExtract(extract, `Item ${i}`),
  );
  const said = await model.generateUntil(
    items.map(({ prompt, until }) => ({ prompt, until, tokens })),
    signal,
  );
  const spell = NORMALISE[normalise];
  return [
    {
      name: 'exact_match',
      better: 'higher',
      items: items.map(({ targets }, i) => {
        const pattern = patterns[i];
        const answer = pattern ? extractAnswer(said[i] ?? '', pattern, take) : said[i];
        return {
          value: answer !== undefined && targets.some((one) => spell(one) === spell(answer)) ? 1 : 0,
          weight: 1,
        };
      }),
    },
  ];
}
