// The importance ratio π / π_old of each token: its own, the whole answer's geometric mean (GSPO, Zheng et al. 2025, equation 7), or the whole answer's product (RLOO).
import { exp, mul, sum, type Tensor } from '@ingot/tensor';
import { upload, type AnswerRows } from './answers.js';

/** 'token': each its own; 'sequence': the mean log-ratio of the answer; 'whole': the log-ratio of the whole answer. */
export type Importance = 'token' | 'sequence' | 'whole';

const divided = (rows: AnswerRows, by: (length: number) => number): Tensor => {
  const total = sum(rows.logRatio, 1).reshape([rows.rows, 1]); // (S, 1): padding is 0
  return mul(
    total,
    upload(
      rows,
      rows.lengths.map((length) => 1 / by(length)),
      [rows.rows, 1],
    ),
  );
};
const levels = {
  token: (rows) => rows.logRatio,
  sequence: (rows) => divided(rows, (length) => Math.max(1, length)),
  whole: (rows) => divided(rows, () => 1),
} satisfies Record<Importance, (rows: AnswerRows) => Tensor>;

/** Ratios with gradient, (S, T) for tokens, (S, 1) for answers. */
export const importanceRatio = (rows: AnswerRows, level: Importance): Tensor => exp(levels[level](rows));
