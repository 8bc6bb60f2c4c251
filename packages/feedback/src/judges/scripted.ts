// Judge `scripted`: one that behaves in a known way, good or bad, for tests and rehearsals.
import { Judge, type JudgeFunction } from '@ingot/contracts';
import * as z from 'zod';

const behaviours = {
  /** Whatever stands first is better: a judge that is nothing but position. */
  first: () => 0.9,
  second: () => 0.1,
  longer: ({ first, second }) => 0.5 + 0.4 * Math.sign(first.length - second.length),
  shorter: ({ first, second }) => 0.5 - 0.4 * Math.sign(first.length - second.length),
  tie: () => 0.5,
  /** Never answers. */
  hangs: () => new Promise<number>(() => undefined),
  nonsense: () => NaN,
  throws: () => {
    throw new Error('The judge is not at home.');
  },
} satisfies Record<string, JudgeFunction>;
export type Behaviour = keyof typeof behaviours;

/** A judge of that behaviour. */
export const scriptedJudge = (says: Behaviour): JudgeFunction => behaviours[says];

/** Judge `scripted`. */
export const scriptedPart = Judge.part({
  name: 'scripted',
  version: 1,
  options: z.strictObject({
    says: z.enum(Object.keys(behaviours) as [Behaviour, ...Behaviour[]]).describe('What it does with every question.'),
  }),
  make: ({ says }) => scriptedJudge(says),
});
