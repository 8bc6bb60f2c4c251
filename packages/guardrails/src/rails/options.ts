// Options that rails share.
import { DECISIONS } from '@ingot/contracts';
import * as z from 'zod';

/** Where a rail looks. */
export const sidesOption = z
  .array(z.enum(['input', 'output']))
  .min(1)
  .default(['input', 'output'])
  .describe('Where it looks: at what people write, at what the model writes.');
/** What is done with a match. */
export const decisionOption = (preset: (typeof DECISIONS)[number]) =>
  z
    .enum(DECISIONS)
    .default(preset)
    .describe('What is done with a match: allow (only told), redact, refuse, escalate (refuse and call a person).');
