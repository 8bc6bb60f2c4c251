// Whether a model's answers degenerate: the course page's "SFT model repeats itself endlessly", in numbers and with its remedies.
//   distinct-n = different n-grams / n-grams, over all answers (Li et al. 2016, "A Diversity-Promoting Objective Function", section 4.4)
//   rep-n = 1 − different / all n-grams inside one answer, averaged (Welleck et al. 2020, "Neural Text Generation with Unlikelihood Training", eq. 10)

/** Numbers of a set of answers; all shares are from 0 to 1. */
export interface Degeneration {
  readonly answers: number;
  /** Different n-grams of words among all of them; low is monotonous, but falls with the amount of text too: compare equal amounts. */
  readonly distinct1: number;
  readonly distinct2: number;
  readonly distinct3: number;
  /** Share of an answer's 4-grams that it has said before, averaged over answers; human prose is below 0.02. */
  readonly repeated4: number;
  /** Share of an answer that is one tail said over and over: what a loop looks like; the longest over answers, and the share of answers with a loop of at least a third. */
  readonly longestLoop: number;
  readonly looping: number;
  /** Shannon entropy, in bits, of the answers' openings (three words), and the same over its greatest value, log2(answers). */
  readonly openingEntropy: number;
  readonly openingEvenness: number;
  /** The same of their structures: sentences, paragraphs, lists and length, coarsely. */
  readonly structureEntropy: number;
  readonly structureEvenness: number;
  /** Share of answers that another answer repeats word for word. */
  readonly duplicates: number;
  /** Share of answers without a word. */
  readonly empty: number;
}

/** Words in lower case: letters, marks and numbers with inner apostrophes; every other sign that is no space stands alone. */
export const wordsOf = (text: string): string[] =>
  text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}\p{N}]+)*|[^\s\p{L}\p{M}\p{N}]/gu) ?? [];

const nGrams = (words: readonly string[], n: number): string[] =>
  Array.from({ length: Math.max(0, words.length - n + 1) }, (_, i) => words.slice(i, i + n).join(' '));

/** Different n-grams over all n-grams of all answers; 1 where there are none. */
export function distinct(answers: readonly (readonly string[])[], n: number): number {
  const all = answers.flatMap((words) => nGrams(words, n));
  return all.length === 0 ? 1 : new Set(all).size / all.length;
}

/** 1 − different / all n-grams of one answer; 0 where there are none. */
export const repeated = (words: readonly string[], n: number): number => 1 - distinct([words], n);

/**
 * The share of an answer that its end repeats: the largest k·p / length over periods p up to a third of it, where the last k·p words
 * are one stretch of p words said k ≥ 3 times; 0 where it does not loop.
 */
export function loop(words: readonly string[]): number {
  let best = 0;
  for (let period = 1; period * 3 <= words.length; period++) {
    let same = 0;
    while (same + period < words.length && words[words.length - 1 - same] === words[words.length - 1 - same - period])
      same++;
    const times = Math.floor(same / period) + 1;
    if (times >= 3) best = Math.max(best, (times * period) / words.length);
  }
  return best;
}

/** Shannon entropy of what was counted, in bits, and over log2(n); one item alone is as even as it can be. */
function entropy(items: readonly string[]): { readonly bits: number; readonly evenness: number } {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / items.length) * Math.log2(count / items.length);
  return { bits: Math.max(0, bits), evenness: items.length < 2 ? 1 : Math.max(0, bits) / Math.log2(items.length) };
}

/** How an answer is built, coarsely: sentences, paragraphs, list lines, code, a question at the end, length in powers of two. */
const structureOf = (text: string, words: readonly string[]): string => {
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
  return [
    Math.min(9, count(/[.!?…]+(?=\s|$)/gu)),
    Math.min(9, count(/\n\s*\n/gu)),
    Math.min(9, count(/^\s*(?:[-*•]|\d+[.)])\s/gmu)),
    count(/```/gu) > 0,
    /\?\s*$/u.test(text),
    Math.floor(Math.log2(words.length + 1)),
  ].join(' ');
};

const mean = (numbers: readonly number[]): number =>
  numbers.length === 0 ? 0 : numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

/** The report's numbers of a set of answers, words being what `wordsOf` gives. No answers give zeros and ones that warn of nothing. */
export function degeneration(texts: readonly string[]): Degeneration {
  const answers = texts.map(wordsOf);
  const spoken = answers.filter((words) => words.length > 0);
  const loops = spoken.map(loop);
  const openings = entropy(spoken.map((words) => words.slice(0, 3).join(' ')));
  const structures = entropy(texts.flatMap((text, i) => (answers[i]?.length ? [structureOf(text, answers[i])] : [])));
  const times = new Map<string, number>();
  for (const words of spoken) times.set(words.join(' '), (times.get(words.join(' ')) ?? 0) + 1);
  const share = (count: number): number => (texts.length === 0 ? 0 : count / texts.length);
  return {
    answers: texts.length,
    distinct1: distinct(answers, 1),
    distinct2: distinct(answers, 2),
    distinct3: distinct(answers, 3),
    repeated4: mean(spoken.map((words) => repeated(words, 4))),
    longestLoop: Math.max(0, ...loops),
    looping: share(loops.filter((one) => one >= 1 / 3).length),
    openingEntropy: openings.bits,
    openingEvenness: openings.evenness,
    structureEntropy: structures.bits,
    structureEvenness: structures.evenness,
    duplicates: share([...times.values()].filter((count) => count > 1).reduce((sum, count) => sum + count, 0)),
    empty: share(texts.length - spoken.length),
  };
}

/** From so many answers on, how even their openings and structures are says something. */
const ENOUGH = 8;
const percent = (share: number): string => `${(100 * share).toFixed(0)}%`;

interface Sign {
  readonly seen: (numbers: Degeneration) => boolean;
  readonly says: (numbers: Degeneration) => string;
}
/** Signs and remedies, the course page's first failure: penalty, temperature, diverse data, fewer epochs. Thresholds are ours. */
const SIGNS: readonly Sign[] = [
  {
    seen: ({ looping, repeated4 }) => looping >= 0.1 || repeated4 >= 0.2,
    says: ({ looping, repeated4 }) =>
      `The model repeats itself: ${percent(looping)} of the answers end in a loop, ${percent(repeated4)} of their 4-grams were said before. Generate with a repetition penalty of 1.1 to 1.3 (such as 1.15) and a temperature of 0.7 to 0.9 rather than greedily.`,
  },
  {
    seen: ({ answers, openingEvenness, structureEvenness }) =>
      answers >= ENOUGH && (openingEvenness < 0.4 || structureEvenness < 0.2),
    says: ({ openingEntropy, structureEntropy, answers }) =>
      `The answers are alike: ${openingEntropy.toFixed(1)} bits of entropy in their openings and ${structureEntropy.toFixed(1)} in their structures, of ${Math.log2(answers).toFixed(1)} possible. Check that the responses of the training data are diverse: if they all follow one structure, the model imitates that structure exclusively.`,
  },
  {
    seen: ({ answers, duplicates }) => answers >= 2 && duplicates >= 0.2,
    says: ({ duplicates }) =>
      `${percent(duplicates)} of the answers are word for word another's: the model may have overfit. Deduplicate the examples, train fewer epochs (1 to 3), or stop at the best validation loss.`,
  },
  {
    seen: ({ empty }) => empty >= 0.1,
    says: ({ empty }) =>
      `${percent(empty)} of the answers are empty: look for empty responses in the training data, and for a prompt that is spelt otherwise than in training.`,
  },
];

/** The signs of degeneration in these numbers, each one line with what was seen and the course page's remedy; none when all is well. */
export const degenerationAdvice = (numbers: Degeneration): readonly string[] =>
  SIGNS.filter(({ seen }) => seen(numbers)).map(({ says }) => says(numbers));
