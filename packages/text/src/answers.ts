// What an answer says: taken out of a text and spelt plainly, so that a task that measures and a reward that teaches agree on what is right.
import { IngotError, messageOf } from '@ingot/core';

const plainNumber = (text: string): string => {
  const bare = text
    .trim()
    .replace(/^\$/u, '')
    .replaceAll(/[,_\s]/gu, '')
    .replace(/\.$/u, '');
  const value = Number(bare);
  return bare !== '' && Number.isFinite(value) ? String(value) : text.trim();
};

/** How two answers are spelt before they are compared. */
export const NORMALISE = {
  exact: (text: string) => text,
  trim: (text: string) => text.trim(),
  /** Lower case, no punctuation, single spaces: SQuAD's, but articles stay (Rajpurkar et al. 2016). */
  loose: (text: string) => text.toLowerCase().replaceAll(/\p{P}/gu, '').replaceAll(/\s+/gu, ' ').trim(),
  /** 1,234.50 is 1234.5, and $7. is 7; what is no number stays as it is, trimmed. */
  number: plainNumber,
} as const satisfies Record<string, (text: string) => string>;
export type Normalisation = keyof typeof NORMALISE;

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
