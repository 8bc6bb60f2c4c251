// Rail `phrases`: a list of words and phrases, with exceptions that contain them.
import { Rail, type RailSide, type RailValue } from '@ingot/contracts';
import * as z from 'zod';
import { phrasePattern } from './phrase-pattern.js';
import { decisionOption, sidesOption } from './options.js';
import { type Rule, ruleRail } from './rule-rail.js';

export interface PhraseList {
  readonly category: string;
  readonly decision: Rule['decision'];
  readonly phrases: readonly string[];
  /** Longer phrases that hold one of the phrases and are harmless. */
  readonly except?: readonly string[];
  readonly signs?: boolean;
  /** Whether a match counts, given the text before it; every one unless said. */
  readonly counts?: (match: string, before: string) => boolean;
}

/** The rule of one list: exceptions are looked for with the phrases, and pass. */
export const phraseRule = ({ category, decision, phrases, except = [], signs = false, counts }: PhraseList): Rule => {
  const harmless = except.length > 0 ? phrasePattern(except, { signs }).whole : undefined;
  const isHarmless = (match: string): boolean => {
    if (!harmless) return false;
    harmless.lastIndex = 0;
    return harmless.exec(match)?.[0] === match;
  };
  return {
    category,
    decision,
    pattern: phrasePattern([...phrases, ...except], { signs }),
    accept: (match, before) =>
      isHarmless(match) ? 'pass' : counts && !counts(match, before) ? undefined : [0, match.length],
  };
};

/** A rail of lists of phrases. */
export const phraseRail = (name: string, lists: readonly PhraseList[], sides?: readonly RailSide[]): RailValue =>
  ruleRail(name, lists.map(phraseRule), sides);

/** Rail `phrases`. */
export const phrasesRail = Rail.part({
  name: 'phrases',
  version: 1,
  options: z.strictObject({
    phrases: z.array(z.string().min(1)).min(1).describe("Words and phrases, in any case; '*' stands for one word."),
    except: z.array(z.string().min(1)).default([]).describe('Longer phrases that hold one of them and are harmless.'),
    signs: z.boolean().default(false).describe('Whether letters may be written as signs: 1d1ot.'),
    category: z.string().min(1).describe('What is found, for verdicts and refusal texts.'),
    decision: decisionOption('refuse'),
    sides: sidesOption,
  }),
  make: ({ sides, ...list }) => phraseRail(`phrases:${list.category}`, [list], sides),
});
