// Reward `regex`: whether, or how often, a pattern is found in a completion.
import { Reward } from '@ingot/contracts';
import * as z from 'zod';

const compiles = ({ pattern, ignoreCase }: { readonly pattern: string; readonly ignoreCase: boolean }): boolean => {
  try {
    return Boolean(new RegExp(pattern, ignoreCase ? 'giu' : 'gu'));
  } catch {
    return false;
  }
};

/** Reward `regex`: JavaScript's Unicode regular expressions; `bad-options` when the pattern is none. */
export const regexPart = Reward.part({
  name: 'regex',
  version: 1,
  options: z
    .strictObject({
      pattern: z.string().min(1).describe('A JavaScript regular expression, in Unicode mode.'),
      ignoreCase: z.boolean().default(false).describe('Whether capital and small letters are the same.'),
      count: z.boolean().default(false).describe('The number of matches in place of 1 for found and 0 for not.'),
    })
    .refine(compiles, { error: 'expected a JavaScript regular expression in Unicode mode', path: ['pattern'] }),
  make: ({ pattern, ignoreCase, count }) => {
    const expression = new RegExp(pattern, ignoreCase ? 'giu' : 'gu');
    return ({ text }) => {
      const found = text.match(expression)?.length ?? 0;
      return count ? found : Math.min(1, found);
    };
  },
});
