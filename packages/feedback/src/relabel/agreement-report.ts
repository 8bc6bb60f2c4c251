// How a judge's verdicts agree with the ranks that were given. Which of the two answers is named first means nothing, so each pair is counted in both orders.
import type { ReportValue } from '@ingot/contracts';
import { cohenKappa } from '../agreement/cohen-kappa.js';
import { krippendorffAlpha } from '../agreement/krippendorff-alpha.js';
import { rawAgreement } from '../agreement/raw-agreement.js';
import type { JudgeCounts } from '../judges/missing.js';

/** Verdicts on the pairs whose given best is preferred (`same`), whose given worst is (`reverse`), and ties. Plain JSON. */
export interface Verdicts {
  same: number;
  reverse: number;
  tie: number;
  /** Σ of the probability that the given best is better. */
  probability: number;
}

/** 1: the answer named first is better; −1: the other; 0: a tie. Both orders of each pair, given and judged. */
function bothOrders({ same, reverse, tie }: Verdicts): { readonly given: number[]; readonly judged: number[] } {
  const given: number[] = [];
  const judged: number[] = [];
  for (const [side, count] of [
    [1, same],
    [-1, reverse],
    [0, tie],
  ] as const)
    for (let i = 0; i < count; i++) {
      given.push(1, -1);
      judged.push(side, -side);
    }
  return { given, judged };
}

/** Raw agreement, κ, α and the win rate of the given best, with how often the judge kept its side and had no verdict. */
export function agreementReport(verdicts: Verdicts, counts: JudgeCounts): ReportValue {
  const { given, judged } = bothOrders(verdicts);
  const of = verdicts.same + verdicts.reverse + verdicts.tie;
  const values: Record<string, number> = {
    pairs: of,
    'raw agreement': rawAgreement(given, judged),
    "Cohen's kappa": cohenKappa(given, judged),
    "Krippendorff's alpha": krippendorffAlpha([given, judged]),
    'win rate of the given best': verdicts.probability / of,
    ties: verdicts.tie / of,
    'same side when swapped': counts.consistent / (counts.asked - counts.missing),
    'no verdict': counts.missing / counts.asked,
  };
  return {
    title: 'The judge beside the given ranks',
    rows: Object.entries(values)
      .filter(([, value]) => Number.isFinite(value))
      .map(([name, value]) => ({ name, values: { value } })),
    notes: [
      'Each pair was judged in both orders and the two probabilities averaged; a judge that looks at positions alone ends at a win rate of 0.5, and at ties.',
      'Each pair counts in both orders for κ and α, so that chance is one half for either side.',
    ],
  };
}
