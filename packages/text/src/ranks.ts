// Tables in tiktoken's form (token bytes by rank) as tokenizer.json.
import type { TokenizerJson } from '@ingot/formats';
import { toAlphabet } from './byte-alphabet.js';
import type { SplitPatternName } from './split-patterns.js';
import { addedTokens, byteLevelJson } from './write-tokenizer.js';

/**
 * tokenizer.json of a rank table: entry i is the token of rank (and id) i, as a string or as bytes; holes are allowed.
 * tiktoken merges any two neighbours whose join is a token, earliest rank first; so every split of a token into two tokens becomes a merge.
 */
export const tokenizerFromRanks = (
  ranks: readonly (string | readonly number[] | undefined)[],
  special: ReadonlyMap<string, number>,
  pattern: SplitPatternName,
): TokenizerJson => {
  const vocab = new Map<string, number>();
  ranks.forEach((token, rank) => {
    if (token !== undefined)
      vocab.set(toAlphabet(typeof token === 'string' ? new TextEncoder().encode(token) : Uint8Array.from(token)), rank);
  });
  const merges: [string, string][] = [];
  for (const token of vocab.keys()) {
    for (let cut = 1; cut < token.length; cut++) {
      const [left, right] = [token.slice(0, cut), token.slice(cut)];
      if (vocab.has(left) && vocab.has(right)) merges.push([left, right]);
    }
  }
  const json = byteLevelJson([], merges, [], pattern);
  return {
    ...json,
    added_tokens: addedTokens([...special.keys()], (token) => special.get(token)!),
    model: { ...json.model, vocab: Object.fromEntries(vocab) } as TokenizerJson['model'],
  };
};
