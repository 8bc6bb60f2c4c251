// Rail `toxicity`: a small lexicon of our own (Apache-2.0, as the package) of threats, insults and calls to self-harm; names that hold such words pass.
import { type Decision, Rail, type RailSide, type RailValue } from '@ingot/contracts';
import * as z from 'zod';
import { HARMLESS, LEXICON, type ToxicCategory } from './lexicon.js';
import { decisionOption, sidesOption } from './options.js';
import { phraseRail } from './phrases.js';

/** Words before a capitalised insult that make it no name: "You Idiot". */
const NOT_A_NAME =
  /^(?:you|your|such|what|a|an|this|that|these|those|and|or|but|so|bloody|fucking|the|i|he|she|they|we|is|are|my|shut)$/iu;
const CAPITALISED = /^\p{Lu}\p{Ll}/u;

/** "Mr Moron", "Lake Stupid", "her novel The Idiot": a capitalised word after another one, inside a sentence, is a name. */
export const isName = (match: string, before: string): boolean => {
  if (!CAPITALISED.test(match)) return false;
  const [, earlier = '', last = ''] =
    /(?:([\p{L}\p{N}'’),;:]+)\s)?(?<![\p{L}'’])(\p{L}[\p{L}'’]*|(?:Mr|Mrs|Ms|Dr|St|Prof)\.) $/u.exec(
      before.slice(-60),
    ) ?? [];
  if (!CAPITALISED.test(`${last} `) && !/^\p{Lu}$/u.test(last)) return false;
  return NOT_A_NAME.test(last) ? /^the$/iu.test(last) && earlier !== '' : true;
};

/** A rail over the lexicon. A match is refused unless said otherwise. */
export const toxicityRail = (
  categories: readonly ToxicCategory[] = Object.keys(LEXICON) as ToxicCategory[],
  decision: Decision = 'refuse',
  sides?: readonly RailSide[],
): RailValue =>
  phraseRail(
    'toxicity',
    categories.map((category) => ({
      category,
      decision,
      phrases: LEXICON[category],
      except: HARMLESS[category],
      signs: true,
      counts: (match, before) => !isName(match, before),
    })),
    sides,
  );

/** Rail `toxicity`. */
export const toxicityPart = Rail.part({
  name: 'toxicity',
  version: 1,
  options: z.strictObject({
    categories: z
      .array(z.enum(Object.keys(LEXICON) as [ToxicCategory, ...ToxicCategory[]]))
      .min(1)
      .default(Object.keys(LEXICON) as ToxicCategory[])
      .describe('Which lists are looked for.'),
    decision: decisionOption('refuse'),
    sides: sidesOption,
  }),
  make: ({ categories, decision, sides }) => toxicityRail(categories, decision, sides),
});
