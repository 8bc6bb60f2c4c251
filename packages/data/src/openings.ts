// Examples out of a book: a passage's opening is the request, its continuation the answer. Nobody asked or wrote either.
const WORD = /\S+/g;
/** A sentence's end, with the quotes and brackets that close after it. */
const SENTENCE_END = /[.!?]["'”’)\]]*$/;
const CLAUSE_END = /[,;:—-]["'”’)\]]*$/;

export interface Opening {
  /** Without white space at its ends. */
  readonly opening: string;
  /** Begins with the white space that the passage has there, so that both together are the passage's text. */
  readonly continuation: string;
}
export interface OpeningOptions {
  /** About how many words are asked with. */
  readonly openingWords: number;
  /** At most how many words answer. */
  readonly responseWords: number;
}

interface Word {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const wordsOf = (text: string): Word[] =>
  [...text.matchAll(WORD)].map(({ 0: word, index }) => ({ start: index, end: index + word.length, text: word }));

/** How many of the words from `least` to `most` to take: to a sentence's end, else a line's, else a clause's, nearest to `near`; else `near`. */
const boundary = (text: string, words: readonly Word[], least: number, most: number, near: number): number => {
  const counts = Array.from({ length: Math.max(0, Math.min(most, words.length) - least + 1) }, (_, i) => least + i);
  const ends: readonly ((count: number) => boolean)[] = [
    (count) => SENTENCE_END.test(words[count - 1]!.text),
    (count) => text.slice(words[count - 1]!.end, words[count]?.start).includes('\n'),
    (count) => CLAUSE_END.test(words[count - 1]!.text),
  ];
  for (const isEnd of ends) {
    const [best] = counts.filter(isEnd).toSorted((a, b) => Math.abs(a - near) - Math.abs(b - near) || a - b);
    if (best !== undefined) return best;
  }
  return Math.min(near, words.length);
};

/**
 * A passage cut in two: an opening of about `openingWords` words (half to one and a half times as many, at a sentence's, line's or clause's end where there is one)
 * and its continuation of at most `responseWords` (at least half of them where there is a boundary). Undefined for a passage too short for
 * an opening and a quarter of a response.
 */
export const cutOpening = (passage: string, { openingWords, responseWords }: OpeningOptions): Opening | undefined => {
  const text = passage.trim();
  const words = wordsOf(text);
  const rest = Math.ceil(responseWords / 4);
  const longest = Math.min(Math.floor(openingWords * 1.5), words.length - rest);
  const shortest = Math.max(1, Math.ceil(openingWords / 2));
  if (longest < shortest) return undefined;
  const asked = boundary(text, words, shortest, longest, Math.min(openingWords, longest));
  const after = words.slice(asked);
  const answered =
    after.length <= responseWords
      ? after.length
      : boundary(text, after, Math.max(1, Math.floor(responseWords / 2)), responseWords, responseWords);
  const cut = words[asked - 1]!.end;
  return { opening: text.slice(0, cut), continuation: text.slice(cut, after[answered - 1]!.end) };
};
