// Probabilities of a row of logits, in double precision.

/** softmax(logits); −Infinity gives 0. At least one logit must be finite. */
export function softmax(logits: Float32Array): Float64Array {
  let largest = -Infinity;
  for (const logit of logits) if (logit > largest) largest = logit;
  const probabilities = Float64Array.from(logits, (logit) => Math.exp(logit - largest));
  let total = 0;
  for (const probability of probabilities) total += probability;
  return probabilities.map((probability) => probability / total);
}
