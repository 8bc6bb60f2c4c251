// What goes wrong in preference tuning, as tripwires with the remedies of the course page: higher beta, length normalisation, an SFT mix.
import type { Tripwire } from '@ingot/training';
import type { AlignOptions } from './options.js';

/** The wires of a method; none where they are off. Values that a run does not measure are never judged. */
export function alignTripwires({ tripwires }: Pick<AlignOptions, 'tripwires'>): readonly Tripwire[] {
  const { action, displacement, klPerToken, lengthRatio, taskDrop } = tripwires;
  if (action === 'off') return [];
  const mix = 'an SFT mix (wire examples to the port `mix`, mixShare 0.1 to 0.2)';
  return [
    {
      name: 'likelihood-displacement',
      value: 'displacement',
      below: displacement,
      patience: 1,
      action,
      cause:
        'The chosen answers become less likely while the margin grows (likelihood displacement): probability moves to answers that nobody chose',
      remedies: [
        'a higher beta',
        mix,
        'rpo or apo-zero, which hold the chosen answers up',
        'a lower learning rate or fewer steps',
      ],
    },
    {
      name: 'kl',
      value: 'klPerToken',
      above: klPerToken,
      patience: 1,
      action,
      cause: 'The policy has left the model that it started from',
      remedies: ['a higher beta (0.1 to 0.5)', 'a lower learning rate or fewer steps', mix],
    },
    {
      name: 'length-grows',
      value: 'lengthRatio',
      above: lengthRatio,
      patience: 1,
      action,
      cause: 'Answers grow longer: the preferences may pay for length',
      remedies: [
        'length normalisation (loss sigmoid-norm, or ldAlpha 0.5; simpo)',
        'pairs of equal length',
        'a higher beta',
      ],
    },
    {
      name: 'length-shrinks',
      value: 'lengthRatio',
      below: 1 / lengthRatio,
      patience: 1,
      action,
      cause: 'Answers grow shorter: the preferences may pay for brevity, or the end of text is learnt too well',
      remedies: ['length normalisation (loss sigmoid-norm, or ldAlpha 0.5)', 'pairs of equal length', 'a higher beta'],
    },
    {
      name: 'held-out-task',
      value: 'taskDrop',
      above: taskDrop,
      patience: 1,
      action,
      cause: 'A held-out task is worse than before alignment (alignment tax)',
      remedies: [mix, 'a higher beta', "keep: 'best', or fewer steps"],
    },
    {
      name: 'preferences-not-learnt',
      value: 'heldOut/rewards/accuracies',
      below: 0.45,
      patience: 3,
      action: 'warn',
      cause: 'Held-out pairs are ranked worse than by chance',
      remedies: ['look at the data: are chosen and rejected swapped?', 'a higher learning rate', 'more pairs'],
    },
  ];
}
