// What tripwires of @ingot/training say, taken apart.
import { judgeTripwires, type Tripwire } from '@ingot/training';
import { expect, test } from 'vitest';
import { tripwireOf } from './tripwire-text.js';

const wire: Tripwire = {
  name: 'length-grows',
  value: 'lengthRatio',
  above: 1.5,
  patience: 2,
  action: 'warn',
  cause: 'Answers grow longer: 1.5 times. The preferences may pay for length',
  remedies: ['length normalisation (loss sigmoid-norm, or ldAlpha 0.5; simpo)', 'a higher beta'],
};
const said = (action: Tripwire['action']) => {
  const first = judgeTripwires([{ ...wire, action }], {}, { lengthRatio: 2 }, 10);
  return judgeTripwires([{ ...wire, action }], first.state, { lengthRatio: 2.25 }, 20);
};

test('name, step, what was found, cause and remedies come back', () => {
  expect(tripwireOf(said('warn').warnings[0] ?? '')).toEqual({
    name: 'length-grows',
    step: 20,
    metric: 'lengthRatio',
    found: 'lengthRatio is 2.25, above 1.5 for 2 readings in a row',
    cause: wire.cause,
    remedies: ['length normalisation (loss sigmoid-norm, or ldAlpha 0.5; simpo)', 'a higher beta'],
    ends: false,
  });
});
test('one that ends the run says so; other warnings are none', () => {
  expect(tripwireOf(`${said('stop').stop} The run ends here, with the model of this step.`)?.ends).toBe(true);
  expect(tripwireOf('duplicates: 3 examples repeat an earlier one.')).toBeUndefined();
});
