// Rail `secrets`: keys and tokens in the forms that their issuers publish.
import { type Decision, Rail, type RailSide, type RailValue } from '@ingot/contracts';
import * as z from 'zod';
import { streamPattern } from '../pattern/stream-pattern.js';
import { decisionOption, sidesOption } from './options.js';
import { ruleRail } from './rule-rail.js';

const FORMS = {
  'aws-key': String.raw`(?:AKIA|ASIA)[A-Z2-7]{16}`,
  'github-token': String.raw`(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{82})`,
  'slack-token': String.raw`xox[abeoprs]-[A-Za-z0-9-]{10,250}`,
  'model-api-key': String.raw`sk-(?:proj-|ant-|svcacct-)?[A-Za-z0-9_-]{20,200}`,
  'google-key': String.raw`AIza[A-Za-z0-9_-]{35}`,
  'stripe-key': String.raw`[rs]k_(?:live|test)_[A-Za-z0-9]{16,99}`,
  'npm-token': String.raw`npm_[A-Za-z0-9]{36}`,
  'hugging-face-token': String.raw`hf_[A-Za-z0-9]{30,40}`,
  'json-web-token': String.raw`eyJ[A-Za-z0-9_-]{8,1200}\.eyJ[A-Za-z0-9_-]{8,2400}\.[A-Za-z0-9_-]{20,700}`,
} as const satisfies Record<string, string>;
/** A key in its armour: what stands between the lines belongs to it. */
const PRIVATE_KEY = String.raw`-----BEGIN (?:[A-Z]{2,9} ){0,2}PRIVATE KEY-----(?:[A-Za-z0-9+/=:,\s]|-(?!-)){0,6000}(?:-----END (?:[A-Z]{2,9} ){0,2}PRIVATE KEY-----)?`;

/** A rail over keys and tokens. */
export const secretsRail = (decision: Decision = 'redact', sides?: readonly RailSide[]): RailValue =>
  ruleRail(
    'secrets',
    [
      ...Object.entries(FORMS).map(([category, form]) => ({
        category,
        decision,
        pattern: streamPattern(String.raw`(?<![\p{L}\p{N}_-])${form}(?![\p{L}\p{N}_-])`),
      })),
      { category: 'private-key', decision, pattern: streamPattern(PRIVATE_KEY) },
    ],
    sides,
  );

/** Rail `secrets`. */
export const secretsPart = Rail.part({
  name: 'secrets',
  version: 1,
  options: z.strictObject({ decision: decisionOption('redact'), sides: sidesOption }),
  make: ({ decision, sides }) => secretsRail(decision, sides),
});
