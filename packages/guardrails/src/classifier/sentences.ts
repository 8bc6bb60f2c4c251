// Sentences of a text that may still go on: pieces that are judged one at a time, so that a stream need not wait for its end.

export interface Sentence {
  readonly start: number;
  readonly end: number;
}
/** No sentence is longer: what goes on is cut here. */
export const MOST = 400;

/** Whole sentences from `from` on; `open` is where the next begins. A sentence ends behind . ! ? and a space, at a line break, or after 400 characters. */
export const sentences = (
  text: string,
  from: number,
  final: boolean,
): { readonly whole: readonly Sentence[]; readonly open: number } => {
  const whole: Sentence[] = [];
  let start = from;
  for (let at = from; at < text.length; at++) {
    const sign = text[at]!;
    const ends =
      sign === '\n' || (/\s/.test(sign) && at > start && /[.!?]/.test(text[at - 1]!)) || at + 1 - start >= MOST;
    if (!ends) continue;
    // a pair of surrogates is not parted
    const end = /[\uD800-\uDBFF]/.test(sign) ? at + 2 : at + 1;
    if (end > text.length) break;
    whole.push({ start, end });
    start = end;
    at = end - 1;
  }
  if (final && start < text.length) {
    whole.push({ start, end: text.length });
    start = text.length;
  }
  return { whole, open: start };
};
