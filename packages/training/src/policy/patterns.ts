// Patterns over names: '*' stands for any characters, dots included; a pattern that matches nothing is a mistake.
import { IngotError, suggest } from '@ingot/core';

const matcher = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((text) => text.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
      .join('.*')}$`,
    'u',
  );

const list = (names: readonly string[]): string =>
  `${names.slice(0, 12).join(', ')}${names.length > 12 ? `, … and ${names.length - 12} more` : ''}`;

/** The names that one pattern matches. Throws `bad-options`, with the names, when it matches none; `where` is the option. */
export function matching(where: string, pattern: string, names: readonly string[]): readonly string[] {
  const test = matcher(pattern);
  const found = names.filter((name) => test.test(name));
  if (found.length === 0)
    throw new IngotError(
      'bad-options',
      `${where}: the pattern '${pattern}' matches nothing.${suggest(pattern, names)} The names are ${list(names)}; '*' stands for any characters.`,
    );
  return found;
}

/** The names that any of the patterns matches. Throws `bad-options` for a pattern that matches none. */
export const matchingAny = (
  where: string,
  patterns: readonly string[],
  names: readonly string[],
): ReadonlySet<string> => new Set(patterns.flatMap((pattern) => matching(where, pattern, names)));
