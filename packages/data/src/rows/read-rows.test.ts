// Rows of every format, plain and gzipped, and what is refused with which file and line.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readRows } from './read-rows.js';

const folder = mkdtempSync(join(tmpdir(), 'ingot-rows-'));
const put = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
const rows = async (file: string) => {
  const all = [];
  for await (const row of readRows(file)) all.push(row);
  return all;
};
const values = async (file: string) => (await rows(file)).map((row) => row.values);
const LINES = '\uFEFF{"prompt":"a","n":null}\r\n\n{"prompt":"ä „b“"}';

describe('readRows', () => {
  it('reads JSON lines, without nulls, empty lines and a byte order mark, and says where each stood', async () => {
    const file = put('a.jsonl', LINES);
    expect(await values(file)).toEqual([{ prompt: 'a' }, { prompt: 'ä „b“' }]);
    expect((await rows(file)).map(({ where }) => where.slice(folder.length + 1))).toEqual(['a.jsonl:1', 'a.jsonl:3']);
  });
  it('reads lines that are longer than a chunk of the file', async () => {
    const prompt = 'ü'.repeat(200_000);
    expect(await values(put('long.ndjson', `{"prompt":"${prompt}"}\n{"prompt":"b"}\n`))).toEqual([
      { prompt },
      { prompt: 'b' },
    ]);
  });
  it('reads the same from a gzipped file', async () => {
    expect(await values(put('a.jsonl.gz', gzipSync(LINES)))).toEqual(await values(put('b.jsonl', LINES)));
  });
  it('reads a JSON list', async () => {
    expect(await values(put('a.json', '[{"a":1},\n{"a":[2]}]'))).toEqual([{ a: 1 }, { a: [2] }]);
  });
  it('reads CSV with quotes, separators and line breaks in fields, and counts lines, not rows', async () => {
    const found = await rows(put('a.csv', 'prompt,completion\r\n"a, ""b""","one\ntwo"\r\n\r\nc,\r\n'));
    expect(found.map((row) => row.values)).toEqual([
      { prompt: 'a, "b"', completion: 'one\ntwo' },
      { prompt: 'c', completion: '' },
    ]);
    expect(found.map(({ where }) => where.split(':').at(-1))).toEqual(['2', '5']);
  });
  it('reads TSV', async () => {
    expect(await values(put('a.tsv', 'a\tb\n1,5\t"2"\n'))).toEqual([{ a: '1,5', b: '2' }]);
  });
  it.each(['snappy', 'zstd', 'gzip', 'none'])('reads Parquet of pyarrow, %s', async (codec) => {
    const found = await rows(fixture(`pairs-${codec}.parquet`));
    expect(found).toHaveLength(5);
    expect(found[3]!.where).toMatch(/, row 4$/);
    expect(found[3]!.values).toEqual({
      prompt: [{ role: 'user', content: 'What is 3 plus 3?' }],
      chosen: [{ role: 'assistant', content: '6, as we say „zwei mal 3“.' }],
      rejected: [{ role: 'assistant', content: 'No idea.' }],
      score_chosen: 4.5,
      score_rejected: 1,
      id: 2 ** 40 + 3,
    });
    expect(found[2]!.values['note']).toBe('even');
  });
  it.each([
    ['a broken line', 'x.jsonl', '{"a":1}\n{"a":', /x\.jsonl:2: wanted one JSON object a line/],
    ['a line that is a list', 'l.jsonl', '[1]', /l\.jsonl:1: wanted an object with named columns, got a list/],
    ['half a character', 'h.jsonl', String.raw`{"a":["\ud83d"]}`, /h\.jsonl:1: wanted whole characters/],
    [
      'bytes that are not UTF-8',
      'u.jsonl',
      Uint8Array.of(123, 125, 10, 0xe9),
      /u\.jsonl:2: wanted UTF-8 text, got a byte 0xe9/,
    ],
    [
      'an object in place of a list',
      'o.json',
      '{"rows":[]}',
      /o\.json: wanted a JSON list of objects, got an object with rows/,
    ],
    ['a list of texts', 't.json', '[{}, "b"]', /t\.json, row 2: wanted an object with named columns, got a text/],
    [
      'a row with a field too many',
      'm.csv',
      'a,b\n1,2\n1,2,3\n',
      /m\.csv:3: wanted as many fields as the header names/,
    ],
    ['a quote that does not close', 'q.csv', 'a,b\n"1,2\n', /q\.csv:\d+: wanted as many fields .* quotes that close/],
    [
      'a column named twice',
      'd.csv',
      'a,a\n1,2\n',
      /d\.csv:1: wanted a name of its own for every column, got 'a' twice/,
    ],
    ['what is not gzipped', 'g.jsonl.gz', '{"a":1}', /g\.jsonl\.gz: wanted a gzip file, got incorrect header check/],
    ['what is not Parquet', 'p.parquet', 'PAR0PAR0PAR0', /p\.parquet: wanted a Parquet file/],
    ['a file without rows', 'e.jsonl', '\n\n', /e\.jsonl: wanted at least one row, got none/],
    ['an ending that nobody knows', 'a.xlsx', 'x', /a\.xlsx: wanted a file that ends in \.jsonl, .*got \.xlsx/],
  ])('refuses %s', async (_, name, content, message) => {
    await expect(rows(put(name, content))).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(message),
    });
  });
  it('lets go of a file that is read only in part', async () => {
    const file = put('part.csv', `a\n${'1\n'.repeat(50_000)}`);
    for await (const row of readRows(file)) {
      expect(row.values).toEqual({ a: '1' });
      break;
    }
  });
});
