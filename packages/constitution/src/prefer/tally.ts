// What a judge preferred by each principle, and how sure and how steady it was: sums that stand in checkpoints, and the report.
import type { ReportValue } from '@ingot/contracts';
import { type Constitution, constitutionDigest } from '../principles/constitution.js';
import type { Labelled } from './soft-label.js';

interface Sums {
  asked: number;
  missing: number;
  ties: number;
  /** Verdicts on the same side in both orders. */
  consistent: number;
  /** Σ |2p − 1|. */
  sure: number;
}
/** Plain JSON. */
export interface Preferences {
  readonly principles: Record<string, Sums>;
  readonly unlabelled: Record<'same answer' | 'no answer', number>;
  /** What was got in place of a verdict, the first few. */
  readonly reasons: string[];
}
/** Nothing yet, with a row for every principle. */
export const freshPreferences = ({ principles }: Constitution): Preferences => ({
  principles: Object.fromEntries(
    principles.map(({ id }) => [id, { asked: 0, missing: 0, ties: 0, consistent: 0, sure: 0 }]),
  ),
  unlabelled: { 'same answer': 0, 'no answer': 0 },
  reasons: [],
});

/** Counts a prompt that was not judged. */
export const addUnlabelled = (state: Preferences, why: keyof Preferences['unlabelled']): void => {
  state.unlabelled[why]++;
};
/** Counts one label or its absence. */
export const addLabel = (state: Preferences, principle: string, label: Labelled): void => {
  const one = state.principles[principle];
  if (!one) return;
  one.asked++;
  if ('missing' in label) {
    one.missing++;
    if (state.reasons.length < 3) state.reasons.push(label.missing);
    return;
  }
  const [first, second] = label.positions.map((p) => Math.sign(p - 0.5));
  if (first === second) one.consistent++;
  if (label.probability === 0.5) one.ties++;
  one.sure += Math.abs(2 * label.probability - 1);
};

/** How many questions were asked, and the share of them without a verdict. */
export const missingShare = ({ principles }: Preferences): { readonly asked: number; readonly share: number } => {
  const all = Object.values(principles);
  const asked = all.reduce((sum, one) => sum + one.asked, 0);
  return { asked, share: asked === 0 ? 0 : all.reduce((sum, one) => sum + one.missing, 0) / asked };
};

/** A row for each principle. */
export const feedbackReport = (state: Preferences, constitution: Constitution): ReportValue => ({
  title: 'AI feedback',
  rows: Object.entries(state.principles).map(([name, { asked, missing, ties, consistent, sure }]) => {
    const judged = asked - missing;
    const share = (value: number): number => (judged === 0 ? 0 : Number((value / judged).toFixed(4)));
    return {
      name,
      values: { asked, missing, ties, 'same side in both orders': share(consistent), 'mean |2p − 1|': share(sure) },
    };
  }),
  notes: [
    `Constitution '${constitution.name}' version ${constitution.version}, sha256 ${constitutionDigest(constitution)}.`,
    `Not judged: ${state.unlabelled['same answer']} prompts with the same answer twice, ${state.unlabelled['no answer']} without two answers. Ties leave.`,
  ],
});
