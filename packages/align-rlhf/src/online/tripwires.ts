// What goes wrong in online learning, as tripwires that name the cause and the remedies. Values that a run does not measure are never judged.
import type { Tripwire } from '@ingot/training';
import type { OnlineOptions } from './options.js';

/** The wires of a run; none where they are off. */
export function onlineTripwires({ tripwires }: Pick<OnlineOptions, 'tripwires'>): readonly Tripwire[] {
  const { action, klPerToken, entropyRatio, lengthRatio, goldDrop, patience } = tripwires;
  if (action === 'off') return [];
  const gentler = 'a lower learning rate or fewer steps';
  return [
    {
      name: 'kl',
      value: 'klPerToken',
      above: klPerToken,
      patience,
      action,
      cause: 'The policy has left the model that it started from (KL explosion)',
      remedies: ['a higher beta', 'adaptiveKl with a target', gentler, 'fewer iterations a round'],
    },
    {
      name: 'entropy-collapse',
      value: 'entropyRatio',
      below: entropyRatio,
      patience,
      action,
      cause: 'The policy says the same thing every time (entropy collapse): there is nothing left to compare',
      remedies: [
        'entropyBonus 0.01',
        'a higher beta',
        'epsilonHigh 0.28 (clip-higher)',
        'a higher temperature',
        gentler,
      ],
    },
    {
      name: 'length-grows',
      value: 'lengthRatio',
      above: lengthRatio,
      patience,
      action,
      cause: 'Answers grow longer: the reward may pay for length (see reward/lengthCorrelation)',
      remedies: [
        "a reward without length in it, or 'overlong' beside it",
        'missingEndPenalty',
        'loss dr-grpo, which does not divide by length',
        'a higher beta',
      ],
    },
    {
      name: 'length-shrinks',
      value: 'lengthRatio',
      below: 1 / lengthRatio,
      patience,
      action,
      cause: 'Answers grow shorter: the reward may pay for brevity',
      remedies: ['a reward without length in it', 'a higher beta', gentler],
    },
    {
      name: 'over-optimisation',
      value: 'goldDrop',
      above: goldDrop,
      patience: 1,
      action: 'stop',
      cause:
        'The gold reward falls while the reward that is learnt rises: the policy exploits the proxy (Gao et al. 2023, "Scaling laws for reward model overoptimization")',
      remedies: [
        'a higher beta',
        'fewer steps, or keep: best with a better reward',
        'a reward model of more, and fresher, feedback',
        'the sum of several rewards',
      ],
    },
    {
      name: 'nothing-to-compare',
      value: 'flatGroups',
      above: 0.9,
      patience,
      action: 'warn',
      cause: 'Nearly all groups have one reward for all of their answers: they teach nothing',
      remedies: ['prompts that are neither too easy nor too hard', 'more generations', 'a reward with more steps'],
    },
  ];
}
