// Rail `regex`: a regular expression of the user's own.
import { Rail } from '@ingot/contracts';
import * as z from 'zod';
import { streamPattern } from '../pattern/stream-pattern.js';
import { decisionOption, sidesOption } from './options.js';
import { ruleRail } from './rule-rail.js';

/** Rail `regex`. Throws `bad-options` for a pattern without a longest match, unless `repeat` bounds it. */
export const regexRail = Rail.part({
  name: 'regex',
  version: 1,
  options: z.strictObject({
    pattern: z.string().min(1).describe('A regular expression with a longest match.'),
    flags: z.string().default('u').describe("'i', 's', 'u'."),
    repeat: z.int().positive().optional().describe('What *, + and {n,} mean at most; without it they are refused.'),
    category: z.string().min(1).describe('What is found, for verdicts and refusal texts.'),
    decision: decisionOption('refuse'),
    sides: sidesOption,
  }),
  make: ({ pattern, flags, repeat, category, decision, sides }) =>
    ruleRail(
      `regex:${category}`,
      [{ category, decision, pattern: streamPattern(pattern, { flags, ...(repeat === undefined ? {} : { repeat }) }) }],
      sides,
    ),
});
