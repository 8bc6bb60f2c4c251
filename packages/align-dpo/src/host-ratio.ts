// Log-ratios and margins on the host, for statistics of a whole batch: without a gradient.
import type { Completions, PreferenceBatch } from '@ingot/contracts';
import { noGrad, scope } from '@ingot/tensor';
import { logRatio, logRatios } from './scores.js';

/** log π(y)/π_ref(y) of each completion. Throws `bad-batch` without a reference. */
export const hostRatio = (loss: string, side: Completions): number[] =>
  noGrad(() => scope(() => Array.from(logRatio(loss, side).read())));

/** log π(y_w) − log π(y_l) of each pair under the policy, and under the reference. Throws `bad-batch` without a reference. */
export function hostMargin(
  loss: string,
  pairs: PreferenceBatch,
): { readonly policy: number[]; readonly reference: number[] } {
  scope(() => void logRatios(loss, pairs)); // refuses what is no batch of pairs with a reference
  const margin = (of: 'policy' | 'reference'): number[] => {
    const rejected = pairs.rejected[of]?.read();
    return Array.from(pairs.chosen[of]?.read() ?? [], (chosen, row) => chosen - (rejected?.[row] ?? 0));
  };
  return { policy: margin('policy'), reference: margin('reference') };
}
