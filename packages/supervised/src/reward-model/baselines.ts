// What a reward model has to beat: the words of an answer alone, learnt by the same loss, and an interval for every share of pairs.

const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []);

/** A better and a worse answer. */
export interface TextPair {
  readonly winner: string;
  readonly loser: string;
}
/** Passes over the pairs, AdaGrad's rate, the pull to zero, and how often a word must be seen: with them the baseline neither diverges nor learns rows by heart. */
const PASSES = 10;
const RATE = 0.1;
const DECAY = 1e-3;
const SEEN = 2;

/**
 * A score of texts by the words that are in them: Bradley and Terry's loss on Σ θ_word by AdaGrad (Duchi et al. 2011), pairs in their order.
 * Words that fewer than two of the training answers hold score nothing.
 */
export function bagOfWords(pairs: readonly TextPair[]): (text: string) => number {
  const bags = pairs.map(({ winner, loser }) => ({ winner: wordsOf(winner), loser: wordsOf(loser) }));
  const seen = new Map<string, number>();
  for (const { winner, loser } of bags)
    for (const bag of [winner, loser]) for (const word of bag) seen.set(word, (seen.get(word) ?? 0) + 1);
  const weights = new Map<string, { weight: number; squares: number }>();
  for (const [word, times] of seen) if (times >= SEEN) weights.set(word, { weight: 0, squares: 1e-8 });
  const score = (bag: ReadonlySet<string>): number => {
    let sum = 0;
    for (const word of bag) sum += weights.get(word)?.weight ?? 0;
    return sum;
  };
  const move = (word: string, gradient: number): void => {
    const held = weights.get(word);
    if (!held) return;
    const whole = gradient + DECAY * held.weight;
    held.squares += whole * whole;
    held.weight -= (RATE * whole) / Math.sqrt(held.squares);
  };
  for (let pass = 0; pass < PASSES; pass++)
    for (const { winner, loser } of bags) {
      const pull = 1 / (1 + Math.exp(score(winner) - score(loser)));
      for (const word of winner) if (!loser.has(word)) move(word, -pull);
      for (const word of loser) if (!winner.has(word)) move(word, pull);
    }
  return (text) => score(wordsOf(text));
}

/** 97.5th percentile of the standard normal distribution. */
const Z = 1.959963984540054;

/** A 95% interval of a share seen in `trials` trials (Wilson 1927); 0 to 1 without trials. */
export function shareInterval(share: number, trials: number): readonly [number, number] {
  if (trials === 0) return [0, 1];
  const square = (Z * Z) / trials;
  const middle = share + square / 2;
  const reach = Z * Math.sqrt((share * (1 - share)) / trials + square / (4 * trials));
  return [(middle - reach) / (1 + square), (middle + reach) / (1 + square)];
}
