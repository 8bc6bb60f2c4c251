// The rails of a deployment around one conversation: what people write, and what the model answers.
import type { RailValue } from '@ingot/contracts';
import { type Policy, policyRails, wordingOf } from '../policy/policy.js';
import { injectionRail } from '../rails/injection.js';
import { secretsRail } from '../rails/secrets.js';
import { toxicityRail } from '../rails/toxicity.js';
import { piiRail } from '../pii/pii.js';
import { passRails, type Passed } from './pass.js';
import { RailStream } from './rail-stream.js';

export interface Guard {
  /** What the model may read of what somebody wrote; when `stopped`, the text is what to answer, and the model is not asked. */
  input(text: string): Promise<Passed>;
  /** A stream for one answer. */
  output(): RailStream;
}

/** The rails that are on unless others are chosen: PII, secrets, the lexicon, injection. */
export const usualRails = (): readonly RailValue[] => [piiRail(), secretsRail(), toxicityRail(), injectionRail()];

/** A guard of these rails and of the policy's own lists. */
export const guardOf = (policy: Policy, rails: readonly RailValue[] = usualRails()): Guard => {
  const all = [...rails, ...policyRails(policy)];
  const wording = wordingOf(policy);
  return {
    async input(text) {
      const passed = await passRails(all, text, 'input', wording);
      return passed.stopped ? { ...passed, text: wording.refused(passed.stopped) } : passed;
    },
    output: () => new RailStream(all, 'output', wording),
  };
};
