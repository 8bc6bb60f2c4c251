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
    'How the threshold is chosen on held-out texts: the least cost of { miss, falseAlarm }, or the lowest with at most a share of { falseAlarms } among texts of no harm.',
  );
export type Choose = z.output<typeof chooseOption>;

/** The threshold; Infinity where calling nothing positive is best. Throws `bad-input` unless both labels are there. */
export const chooseThreshold = (rows: readonly Scored[], how: Choose): number => {
  if ('miss' in how) return cheapestThreshold(rows, how).threshold;
  const points = curve(rows);
  const negatives = points.at(-1)!.falsePositives;
  return points.findLast(({ falsePositives }) => falsePositives <= how.falseAlarms * negatives)!.threshold;
};
