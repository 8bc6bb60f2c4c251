// A threshold from scored texts that the classifier has not learnt from: by what errors cost, or by how many false alarms may be.
import * as z from 'zod';
import { cheapestThreshold, curve, type Scored } from './curves.js';

/** How a threshold is chosen. */
export const chooseOption = z
  .union([
    z.strictObject({ miss: z.number().positive(), falseAlarm: z.number().positive() }),
    z.strictObject({ falseAlarms: z.number().gt(0).lt(1) }),
  ])
  .default({ falseAlarms: 0.05 })
  .describe(
    'How the threshold is chosen on held-out texts: the least cost of { miss, falseAlarm }, or the most that is found with at most a share of { falseAlarms } among the other texts.',
  );
export type Choose = z.output<typeof chooseOption>;

/** The threshold, halfway from the last score that counts to the next below it; Infinity where calling nothing positive is best. Throws `bad-input` unless both labels are there. */
export const chooseThreshold = (rows: readonly Scored[], how: Choose): number => {
  const points = curve(rows);
  const negatives = points.at(-1)!.falsePositives;
  const last =
    'miss' in how
      ? cheapestThreshold(rows, how)
      : points
          .filter(({ falsePositives }) => falsePositives <= how.falseAlarms * negatives)
          .reduce((best, point) => (point.truePositives > best.truePositives ? point : best));
  const next = points.find(({ threshold }) => threshold < last.threshold);
  return next && last.threshold < Infinity ? (last.threshold + next.threshold) / 2 : last.threshold;
};
