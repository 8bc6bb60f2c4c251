// Rail `pii`: what tells who somebody is, or opens their account.
import { type Decision, Rail, type RailSide, type RailValue } from '@ingot/contracts';
import * as z from 'zod';
import type { Accept } from '../pattern/scan.js';
import { streamPattern } from '../pattern/stream-pattern.js';
import { decisionOption, sidesOption } from '../rails/options.js';
import { ruleRail } from '../rails/rule-rail.js';
import { acceptCard, CARD } from './card.js';
import { acceptEmail, acceptIban, acceptPhone, EMAIL, IBAN, PHONE } from './contact.js';
import { AADHAAR, acceptAadhaar, acceptUpi, PAN, UPI } from './india.js';

const DETECTORS = {
  'e-mail': { patterns: [EMAIL], accept: acceptEmail },
  phone: { patterns: PHONE, accept: acceptPhone },
  card: { patterns: [CARD], accept: acceptCard },
  aadhaar: { patterns: [AADHAAR], accept: acceptAadhaar },
  pan: { patterns: [PAN], accept: undefined },
  upi: { patterns: [UPI], accept: acceptUpi },
  iban: { patterns: [IBAN], accept: acceptIban },
} as const satisfies Record<string, { patterns: readonly string[]; accept: Accept | undefined }>;
export type PiiCategory = keyof typeof DETECTORS;
/** What the rail `pii` can find. */
export const piiCategories = Object.keys(DETECTORS) as [PiiCategory, ...PiiCategory[]];

/** A rail over these categories, all unless said. */
export const piiRail = (
  categories: readonly PiiCategory[] = piiCategories,
  decision: Decision = 'redact',
  sides?: readonly RailSide[],
): RailValue =>
  ruleRail(
    'pii',
    categories.flatMap((category) => {
      const { patterns, accept } = DETECTORS[category];
      return patterns.map((source) => ({
        category,
        decision,
        pattern: streamPattern(source),
        ...(accept ? { accept } : {}),
      }));
    }),
    sides,
  );

/** Rail `pii`. */
export const piiPart = Rail.part({
  name: 'pii',
  version: 1,
  options: z.strictObject({
    categories: z
      .array(z.enum(piiCategories))
      .min(1)
      .default([...piiCategories])
      .describe('What is looked for.'),
    decision: decisionOption('redact'),
    sides: sidesOption,
  }),
  make: ({ categories, decision, sides }) => piiRail(categories, decision, sides),
});
