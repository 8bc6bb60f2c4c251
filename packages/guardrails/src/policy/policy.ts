// What a deployment asks of its model and says to people: a system prompt, texts of refusal by category, and lists of phrases of the domain.
import { DECISIONS, type RailValue, type Verdict } from '@ingot/contracts';
import { digest } from '@ingot/core';
import * as z from 'zod';
import type { Wording } from '../chain/rail-stream.js';
import { phraseRail } from '../rails/phrases.js';

const sides = z.array(z.enum(['input', 'output'])).min(1);
/** The form of a policy, to be read from JSON. */
export const policySchema = z.strictObject({
  name: z.string().min(1),
  version: z.int().positive(),
  /** Stands before every conversation. */
  system: z.string().min(1),
  /** What is said when a text is refused or escalated: by category, else by decision. */
  refusals: z.record(z.string(), z.string().min(1)).refine((texts) => 'refuse' in texts && 'escalate' in texts, {
    error: "expected texts for 'refuse' and 'escalate'",
  }),
  /** What an answer about the domain ends with; empty: nothing. */
  disclaimer: z.string(),
  /** Lists of phrases of the domain. */
  phrases: z.array(
    z.strictObject({
      category: z.string().min(1),
      decision: z.enum(DECISIONS),
      sides,
      phrases: z.array(z.string().min(1)).min(1),
      except: z.array(z.string().min(1)).default([]),
    }),
  ),
});
export type Policy = z.output<typeof policySchema>;

/** What stands in place of what is not shown. */
export const wordingOf = ({ refusals }: Policy): Wording => ({
  redacted: ({ category }: Verdict) => `[${category}]`,
  refused: ({ category, decision }: Verdict) => refusals[category] ?? refusals[decision] ?? refusals['refuse'] ?? '',
});

/** The rails of a policy's own lists. */
export const policyRails = ({ name, phrases }: Policy): readonly RailValue[] =>
  phrases.map(({ sides: where, ...list }) => phraseRail(`${name}:${list.category}`, [list], where));

/** The sha256 of a policy: what was in force can be told later. */
export const policyDigest = (policy: Policy): string =>
  digest(JSON.stringify(policySchema.parse(policy), (_, value: unknown) => value));
