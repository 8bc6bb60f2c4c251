// Sixty-three small texts against Hugging Face `tokenizers` (bench/peers/bpe_cases.py): ties, minimum frequency, special tokens,
// all three patterns, and the characters on which JavaScript's \s and (?i:…) differ from theirs (U+0085, U+FEFF, U+017F).
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadTokenizer } from './load-tokenizer.js';
import type { SplitPatternName } from './split-patterns.js';
import { PieceCounts, trainBpe } from './train-bpe.js';
import { byteLevelJson } from './write-tokenizer.js';

interface Case {
  readonly pattern: SplitPatternName;
  readonly special: readonly string[];
  readonly minFrequency: number;
  readonly vocabSize: number;
  readonly text: string;
  readonly merges: readonly string[];
  readonly other: string;
  readonly ids: readonly number[];
}
const { cases } = JSON.parse(readFileSync(new URL('./fixtures/bpe-cases.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Case[];
};

describe('small texts', () => {
  it.each(cases.map((one, i) => [i, one.pattern, one] as const))(
    'case %i (%s): merges and ids are those of Hugging Face tokenizers',
    (_, pattern, one) => {
      const pieces = new PieceCounts(pattern);
      pieces.add(one.text);
      const { tokens, merges } = trainBpe(pieces.counts, one);
      expect(merges.map((merge) => merge.join(' '))).toEqual(one.merges);
      const tokenizer = loadTokenizer({ json: byteLevelJson(tokens, merges, one.special, pattern) });
      expect([...tokenizer.encode(one.other)]).toEqual(one.ids);
    },
  );
});
