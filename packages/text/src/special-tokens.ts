// Special tokens are looked for only when the caller allows them by name.
import { IngotError, suggest } from '@ingot/core';
import type { EncodeOptions } from './tokenizer.js';

const NONE: ReadonlyMap<string, number> = new Map();
type Part = { readonly text: string } | { readonly id: number };

/**
 * A text cut at the special tokens that it may contain, and at the tokens that are found in any text (`always`); of several that begin at one place the longest wins.
 * Throws 'unknown-name' for an allowed token that the tokenizer does not have.
 */
export const cutAtSpecial = (
  text: string,
  special: ReadonlyMap<string, number>,
  allowed: EncodeOptions['allowedSpecial'] = [],
  always: ReadonlyMap<string, number> = NONE,
): readonly Part[] => {
  const names = allowed === 'all' ? [...special.keys()] : allowed;
  for (const name of names)
    if (!special.has(name))
      throw new IngotError(
        'unknown-name',
        `allowedSpecial names '${name}', which this tokenizer does not have.${suggest(name, [...special.keys()])}`,
      );
  const found = [...names, ...always.keys()];
  if (found.length === 0) return [{ text }];
  const pattern = new RegExp(
    found
      .toSorted((a, b) => b.length - a.length)
      .map(escapeForRegExp)
      .join('|'),
    'gu',
  );
  const parts: Part[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) parts.push({ text: text.slice(end, match.index) });
    parts.push({ id: (special.get(match[0]) ?? always.get(match[0]))! });
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
};

const escapeForRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
