// How well scores tell two classes apart: ROC, its area, average precision, and the threshold that costs least. Fawcett 2006; Davis and Goadrich 2006.
import { IngotError } from '@ingot/core';

export interface Scored {
  readonly score: number;
  readonly label: boolean;
}
/** What calling everything from this score on positive gives. */
export interface CurvePoint {
  readonly threshold: number;
  readonly truePositives: number;
  readonly falsePositives: number;
}

/** One point for each different score, the highest first, after one at Infinity. Throws `bad-input` unless both labels are there. */
export const curve = (rows: readonly Scored[]): readonly CurvePoint[] => {
  const positives = rows.filter(({ label }) => label).length;
  if (positives === 0 || positives === rows.length)
    throw new IngotError(
      'bad-input',
      `A ROC curve wants rows of both labels, got ${positives} positive of ${rows.length}.`,
    );
  const points: CurvePoint[] = [{ threshold: Infinity, truePositives: 0, falsePositives: 0 }];
  let truePositives = 0;
  let falsePositives = 0;
  for (const { score, label } of rows.toSorted((a, b) => b.score - a.score)) {
    if (label) truePositives++;
    else falsePositives++;
    const point = { threshold: score, truePositives, falsePositives };
    if (points.at(-1)?.threshold === score) points[points.length - 1] = point;
    else points.push(point);
  }
  return points;
};

const steps = (points: readonly CurvePoint[]) => points.slice(1).map((point, at) => [points[at]!, point] as const);

/** Area under the ROC curve, by trapezoids: the probability that a positive scores higher than a negative, ties counted half. */
export const areaUnderRoc = (rows: readonly Scored[]): number => {
  const points = curve(rows);
  const { truePositives: p, falsePositives: n } = points.at(-1)!;
  return steps(points).reduce(
    (area, [a, b]) =>
      area + ((b.falsePositives - a.falsePositives) / n) * ((a.truePositives + b.truePositives) / 2 / p),
    0,
  );
};

/** Average precision: Σ (recallᵢ − recallᵢ₋₁) · precisionᵢ, without interpolation. */
export const averagePrecision = (rows: readonly Scored[]): number => {
  const points = curve(rows);
  const p = points.at(-1)!.truePositives;
  return steps(points).reduce(
    (sum, [a, b]) =>
      sum + ((b.truePositives - a.truePositives) / p) * (b.truePositives / (b.truePositives + b.falsePositives)),
    0,
  );
};

/** What the two kinds of error cost. */
export interface Costs {
  readonly miss: number;
  readonly falseAlarm: number;
}
/** The threshold with the least cost on these rows, of equals the highest; Infinity: better never. */
export const cheapestThreshold = (
  rows: readonly Scored[],
  { miss, falseAlarm }: Costs,
): CurvePoint & { readonly cost: number } => {
  const points = curve(rows);
  const p = points.at(-1)!.truePositives;
  const priced = points.map((point) => ({
    ...point,
    cost: miss * (p - point.truePositives) + falseAlarm * point.falsePositives,
  }));
  return priced.reduce((best, point) => (point.cost < best.cost ? point : best));
};
