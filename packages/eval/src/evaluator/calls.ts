// Which sequences share a call of the model: those of similar length, so that little is padding.

/** Rows of activations of one call: bounds the memory, and is enough for a device to be busy. */
export const ROWS_OF_ONE_CALL = 2048;

/**
 * Cuts sequences into calls, longest first; a call of n sequences holds at most `rows` rows with its padding (one sequence may be longer).
 * Gives the indices of each call.
 */
export function calls(lengths: readonly number[], rows = ROWS_OF_ONE_CALL): number[][] {
  const order = lengths.map((_, index) => index).sort((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0) || a - b);
  const cut: number[][] = [];
  for (let first = 0; first < order.length;) {
    const longest = Math.max(1, lengths[order[first] ?? 0] ?? 1);
    const count = Math.max(1, Math.floor(rows / longest));
    cut.push(order.slice(first, first + count));
    first += count;
  }
  return cut;
}
