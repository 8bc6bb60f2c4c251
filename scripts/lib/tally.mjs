// Counts of what passed and failed, handed from one script to the next through a file, so that CI can end with one plain line.
import { appendFileSync, readFileSync, existsSync } from 'node:fs';

/** Adds one row to the tally file named by INGOT_TALLY, where there is one. */
export const addToTally = (row) => {
  const file = process.env['INGOT_TALLY'];
  if (file) appendFileSync(file, `${JSON.stringify(row)}\n`);
};

/** The sums of a tally file. */
export const readTally = (file) => {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  if (!existsSync(file)) return sum;
  for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean))
    for (const [key, n] of Object.entries(JSON.parse(line))) if (key in sum) sum[key] += n;
  return sum;
};

/** The closing line that any reader understands. */
export const closingLine = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;
