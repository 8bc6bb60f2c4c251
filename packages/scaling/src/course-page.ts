// The course page's table of compute-optimal sizes, and the page's own formula beside it: they do not agree.
import { trainingCompute } from './flops.js';
import { ruleOfTwenty, type Optimum } from './optimum.js';

export interface PageRow {
  /** The budget that the page's table names. */
  readonly flops: number;
  readonly parameters: number;
  readonly tokens: number;
  readonly example: string;
}
/** The table as it is printed, under "Chinchilla scaling laws". */
export const coursePage: readonly PageRow[] = [
  { flops: 1e20, parameters: 400e6, tokens: 8e9, example: 'GPT-2-like' },
  { flops: 1e21, parameters: 1.4e9, tokens: 28e9, example: 'GPT-3-small' },
  { flops: 1e22, parameters: 6.7e9, tokens: 134e9, example: 'Chinchilla' },
  { flops: 1e23, parameters: 70e9, tokens: 1.4e12, example: 'LLaMA-2-70B' },
  { flops: 1e24, parameters: 400e9, tokens: 8e12, example: 'GPT-4 scale' },
];

/** One row of the page beside what its formula gives. */
export interface PageComparison {
  readonly row: PageRow;
  readonly formula: Optimum;
  /** 6ND of the row: the budget that it really spends. */
  readonly spends: number;
}
/** Every row of the page's table beside its formula. */
export function comparePage(): readonly PageComparison[] {
  return coursePage.map((row) => ({
    row,
    formula: ruleOfTwenty(row.flops),
    spends: trainingCompute(row.parameters, row.tokens),
  }));
}

/** The disagreement in words, for whoever shows one of them. */
export const PAGE_DISAGREES =
  'The course page gives both a formula, N = √(C/120) and D = 20N, and a table, and they disagree: both have 20 tokens a parameter, but the rows of the table spend 6ND = 1.92e19, 2.35e20, 5.39e21, 5.88e23 and 1.92e25 FLOPs where 1e20 to 1e24 stand beside them. The formula keeps to C = 6ND; the first row is Hoffmann et al.’s 400M model, of 1.92e19 FLOPs.';
