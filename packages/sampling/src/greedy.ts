// Greedy decoding: the most likely token, always.

/** Removes every token but the most likely; of equal ones the lowest id stays. */
export function greedy(logits: Float32Array): Float32Array {
  let best = 0;
  for (const [id, logit] of logits.entries()) if (logit > (logits[best] ?? -Infinity)) best = id;
  return logits.map((logit, id) => (id === best ? logit : -Infinity));
}
