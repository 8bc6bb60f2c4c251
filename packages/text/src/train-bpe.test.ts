// Merges identical to Hugging Face `tokenizers` on a whole novel (reference: bench/peers/bpe_merges.py).
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadTokenizer } from './load-tokenizer.js';
import { PieceCounts, trainBpe } from './train-bpe.js';
import { byteLevelJson } from './write-tokenizer.js';

interface Reference {
  readonly 'sha256 of the text': string;
  readonly runs: readonly Readonly<
    Record<string, unknown> & { vocabSize: number; merges: number; first: string[]; last: string[] }
  >[];
}
const reference = JSON.parse(
  readFileSync(new URL('./fixtures/war-and-peace-merges.json', import.meta.url), 'utf8'),
) as Reference;
const path = new URL('../../../../shared/data/corpora/war-and-peace.txt', import.meta.url);
const lines = (items: readonly string[]) => createHash('sha256').update(items.join('\n')).digest('hex');
const there = existsSync(path);
if (!there)
  console.log('skipped: the merges of War and Peace want ../shared/data/corpora/war-and-peace.txt, which is not there');

describe.skipIf(!there)('BPE training on War and Peace', () => {
  it.each(reference.runs.map((run) => [run.vocabSize, run] as const))(
    'with %i tokens gives the merges of Hugging Face tokenizers',
    (vocabSize, run) => {
      const raw = readFileSync(path);
      expect(createHash('sha256').update(raw).digest('hex')).toBe(reference['sha256 of the text']);
      const text = raw.toString('utf8').replaceAll('\r\n', '\n');
      const pieces = new PieceCounts('gpt2');
      pieces.add(text);
      const began = performance.now();
      const { tokens, merges } = trainBpe(pieces.counts, { vocabSize, special: ['<|endoftext|>'], minFrequency: 0 });
      console.log(`${vocabSize} tokens of War and Peace: ${((performance.now() - began) / 1000).toFixed(1)} s`);
      const spelt = merges.map((merge) => merge.join(' '));
      expect(spelt.slice(0, 12)).toEqual(run.first);
      expect(spelt.length).toBe(run.merges);
      expect(lines(spelt)).toBe(run['sha256 of the merges']);
      expect(lines(tokens)).toBe(run['sha256 of the vocabulary']);
      const tokenizer = loadTokenizer({ json: byteLevelJson(tokens, merges, ['<|endoftext|>'], 'gpt2') });
      const ids = tokenizer.encode([...text].slice(0, 200_000).join(''));
      expect(lines(Array.from(ids, String))).toBe(run["sha256 of the first 200,000 characters' ids"]);
    },
  );
});
