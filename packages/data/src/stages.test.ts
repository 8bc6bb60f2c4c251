// The stages through a real ingot: from files to tokens, keys that follow content, clear refusals.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIngot, memoryStore } from '@ingot/core';
import { loadTokenizer } from '@ingot/text';
import { beforeEach, describe, expect, it } from 'vitest';
import { data } from './plugin.js';
import { splitDocuments } from './split-documents.js';

const ingot = createIngot({ plugins: [data] });
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ingot-data-'));
});
const documents = Array.from(
  { length: 40 },
  (_, i) => `Chapter ${i}. The whale number ${i} swam on and on; ${'call me Ishmael. '.repeat(5)}`,
);
const corpus = () => {
  documents.forEach((document, i) => writeFileSync(join(folder, `chapter-${i}.txt`), document));
  return folder;
};
const keys = async (path: string) => (await packed(path).plan({ store: memoryStore() })).map((row) => row.key);
const packed = (path: string, vocabSize = 300) =>
  ingot.pipeline('packed', (g) => {
    const { text } = g.add('text', {}, { path });
    const { text: clean } = g.add('clean', { text });
    const { text: unique } = g.add('deduplicate', { text: clean });
    const { tokenizer } = g.add('bpe', { text: unique }, { vocabSize });
    const { tokens } = g.add('pack', { text: unique, tokenizer }, { validation: 0.2 });
    const { train, validation } = g.add('split', { text: unique }, { validation: 0.2 });
    return { tokenizer, tokens, train, validation };
  });

describe('from files to tokens', () => {
  it('packs every document with its end, in the same split as `split` and `splitDocuments`', async () => {
    const { tokenizer, tokens, validation } = await packed(corpus()).run().result();
    const encoder = loadTokenizer(tokenizer);
    const { train, validation: held } = splitDocuments(
      documents.map((d) => d.trim()),
      0.2,
    );
    const all = (split: 'train' | 'validation') =>
      encoder.decode(tokens.splits[split].read(0, tokens.splits[split].tokens));
    expect(all('train')).toBe(train.map((d) => `${d}<|endoftext|>`).join(''));
    expect(all('validation')).toBe(held.map((d) => `${d}<|endoftext|>`).join(''));
    expect(tokens.splits.validation.documents).toBe(held.length);
    expect(tokens.splits.validation.bytes).toBe(Buffer.byteLength(held.join('')));
    expect(tokens.tokenizer).toBe(tokenizer.digest);
    const read: string[] = [];
    for await (const document of validation.read()) read.push(document);
    expect(read).toEqual(held);
  });

  it('has a key that follows content and not the path', async () => {
    const before = await keys(corpus());
    const elsewhere = mkdtempSync(join(tmpdir(), 'ingot-data-'));
    documents.forEach((document, i) => writeFileSync(join(elsewhere, `part-${i}.md`), document));
    const same = await keys(elsewhere);
    expect(same).toEqual(before);
    writeFileSync(join(folder, 'chapter-7.txt'), `${documents[7]}!`);
    const after = await keys(folder);
    expect(after.every((key, i) => key !== before[i])).toBe(true);
  });

  it('makes byte and char tokenizers', async () => {
    const { bytes, chars } = await ingot
      .pipeline('small', (g) => ({
        bytes: g.add('byte', {}).tokenizer,
        chars: g.add('char', { text: g.add('text', {}, { path: corpus() }).text }).tokenizer,
      }))
      .run()
      .result();
    expect(bytes.vocabSize).toBe(257);
    expect(chars.vocabSize).toBe(new Set(documents.join('')).size);
    expect(loadTokenizer(chars).decode(loadTokenizer(chars).encode('whale 7'))).toBe('whale 7');
  });
});

describe('nanoGPT files', () => {
  it('are written and read back to the same ids', async () => {
    const at = join(folder, 'bin');
    const { tokens } = await ingot
      .pipeline('write', (g) => {
        const { text } = g.add('text', {}, { path: corpus() });
        const { tokenizer } = g.add('bpe', { text });
        const packing = g.add('pack', { text, tokenizer });
        return { tokens: packing.tokens, report: g.add('write-nanogpt', packing, { folder: at }).report };
      })
      .run()
      .result();
    const stream = tokens.splits.validation;
    expect(readFileSync(join(at, 'val.bin')).length).toBe(2 * stream.tokens);
    const { tokens: again } = await ingot
      .pipeline('read', (g) => {
        const { tokenizer } = g.add('bpe', { text: g.add('text', {}, { path: folder, files: ['*.txt'] }).text });
        return g.add('nanogpt-tokens', { tokenizer }, { folder: at });
      })
      .run()
      .result();
    for (const part of ['train', 'validation'] as const) {
      const [mine, theirs] = [again.splits[part], tokens.splits[part]];
      expect(mine.read(0, mine.tokens)).toEqual(theirs.read(0, theirs.tokens));
      expect([mine.bytes, mine.documents]).toEqual([theirs.bytes, theirs.documents]);
    }
  });
});

const refused = async (wire: Parameters<typeof ingot.pipeline>[1]): Promise<string> => {
  try {
    await ingot.pipeline('refused', wire).run().result();
  } catch (error) {
    return (error as Error).message;
  }
  return 'not refused';
};

describe('refusals', () => {
  it('names a vocabulary below the bytes, a missing file, a text too short to split, a cleaning that leaves nothing', async () => {
    const short = join(folder, 'short.txt');
    writeFileSync(short, 'a');
    expect(
      await refused((g) => g.add('bpe', { text: g.add('text', {}, { path: short }).text }, { vocabSize: 100 })),
    ).toMatch(/wanted at least 257 .* got 100.*\n.*vocabSize/s);
    expect(await refused((g) => g.add('text', {}, { path: join(folder, 'none') }))).toMatch(
      /none: wanted a file or a folder/,
    );
    expect(
      await refused((g) => {
        const { text } = g.add('text', {}, { path: short });
        return g.add('pack', { text, tokenizer: g.add('byte', {}).tokenizer });
      }),
    ).toMatch(/too short to be split/);
    expect(
      await refused((g) => g.add('clean', { text: g.add('text', {}, { path: short }).text }, { minCharacters: 9 })),
    ).toMatch(/dropped all 1 documents/);
  });
});
