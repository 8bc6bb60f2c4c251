// Tokens of answers lie one answer after another: where each begins, and what it sums to.

/** Calls `each` with every answer's number and the half-open range of its tokens. Lengths may be 0. */
export function eachAnswer(
  lengths: ArrayLike<number>,
  each: (answer: number, first: number, end: number) => void,
): void {
  let first = 0;
  for (let answer = 0; answer < lengths.length; answer++) {
    const end = first + lengths[answer]!;
    each(answer, first, end);
    first = end;
  }
}

/** Σ over each answer's tokens: (N) -> (S). */
export function answerSums(tokens: ArrayLike<number>, lengths: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(lengths.length);
  eachAnswer(lengths, (answer, first, end) => {
    for (let t = first; t < end; t++) sums[answer]! += tokens[t]!;
  });
  return sums;
}

/** One number an answer as one number a token: (S) -> (N). */
export function perToken(answers: ArrayLike<number>, lengths: ArrayLike<number>): Float64Array {
  const total = Array.from(lengths).reduce((a, b) => a + b, 0);
  const tokens = new Float64Array(total);
  eachAnswer(lengths, (answer, first, end) => tokens.fill(answers[answer]!, first, end));
  return tokens;
}
