// The score interval of a share, for packages that report rates. Wilson 1927, "Probable inference, the law of succession, and statistical inference":
//   (p + z²/2n ± z·√(p(1 − p)/n + z²/4n²)) / (1 + z²/n)
import { IngotError } from '@ingot/core';

/** A share with its interval. */
export interface Share {
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}
/** Wilson's score interval, at 95% unless another quantile z is given; successes may be fractions (half points for ties). Throws 'bad-input' without trials. */
export const wilson = (successes: number, trials: number, z = 1.959963984540054): Share => {
  if (!(trials > 0 && successes >= 0 && successes <= trials))
    throw new IngotError(
      'bad-input',
      `A rate wants successes from 0 to the number of trials, and a trial, got ${successes} of ${trials}.`,
    );
  const rate = successes / trials;
  const centre = (rate + z ** 2 / (2 * trials)) / (1 + z ** 2 / trials);
  const half = (z / (1 + z ** 2 / trials)) * Math.sqrt((rate * (1 - rate)) / trials + z ** 2 / (4 * trials ** 2));
  return { rate, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
};
