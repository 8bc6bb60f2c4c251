// Broken inputs and broken stores: each ends with the place, what was wanted, what was got and what to try; what was finished is kept.
/* oxlint-disable require-yield -- stages that only return a value are generators all the same */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Tokens } from '@ingot/contracts';
import { definePlugin, defineStage } from '@ingot/core';
import { data, streamOf } from '@ingot/data';
import * as z from 'zod';
import { describe, expect, test } from 'vitest';
import { fakeIo, hits, rows, type FakeIo } from './fixtures/io.js';
import { main } from './main.js';

const manyIds = defineStage({
  name: 'many-ids',
  version: 1,
  inputs: {},
  outputs: { tokens: Tokens },
  options: z.strictObject({ vocabSize: z.int() }),
  async *run({ options: { vocabSize } }) {
    const stream = streamOf(Int32Array.of(0, 1, vocabSize - 1), 3, 1);
    return { tokens: { vocabSize, tokenizer: 'none', splits: { train: stream, validation: stream } } };
  },
});
const given = { plugins: [data, definePlugin({ name: 'test', stages: [manyIds] })] };
const PROSE = `${'It was the best of times, it was the worst of times, it was the age of wisdom.\n\n'.repeat(40)}`;

const recipe = (path: string, more = ''): string => `name: broken
stages:
  corpus: { use: text, how: { path: ${path}${more} } }
  tokenizer: { use: bpe, from: { text: corpus.text }, how: { vocabSize: 300 } }
  tokens: { use: pack, from: { text: corpus.text, tokenizer: tokenizer.tokenizer } }
outputs: { tokens: tokens.tokens }
`;
const run = async (io: FakeIo, text: string, ...more: string[]) => {
  writeFileSync(join(io.cwd, 'r.yaml'), text);
  return main(['run', 'r.yaml', '--inline', ...more], io, given);
};
const artifacts = async (cwd: string): Promise<boolean[]> => {
  const io = fakeIo({ cwd });
  await main(['plan', 'r.yaml', '--json'], io, given);
  return hits(io);
};

/** Paragraphs that no merge shortens much: printable characters from a fixed generator (x <- 48271 x mod 2^31 - 1). */
const noise = (size: number): string => {
  let state = 1;
  const next = () => String.fromCharCode(33 + ((state = (state * 48271) % 2147483647) % 90));
  return Array.from({ length: size / 100 }, () => `${Array.from({ length: 98 }, next).join('')}\n\n`).join('');
};
const listed = async (cwd: string) => {
  const io = fakeIo({ cwd });
  expect(await main(['store', 'ls', '--json'], io, given)).toBe(0);
  return rows<{ key: string; stage: string; made: string }>(io, 'artifacts');
};
/** SHA-256 of every artifact's record and blob by its path. */
const contents = (store: string): ReadonlyMap<string, string> =>
  new Map(
    ['artifacts', 'blobs'].flatMap((folder) =>
      readdirSync(join(store, folder), { recursive: true, encoding: 'utf8' })
        .map((file) => `${folder}/${file}`)
        .filter((file) => statSync(join(store, file)).isFile())
        .map(
          (file) =>
            [
              file,
              createHash('sha256')
                .update(readFileSync(join(store, file)))
                .digest('hex'),
            ] as const,
        ),
    ),
  );
/** A blob's name is its content's hash: one that was cut has another. */
const expectWhole = (files: ReadonlyMap<string, string>): void => {
  const blobs = [...files].filter(([file]) => file.startsWith('blobs/'));
  expect(blobs.length).toBeGreaterThan(0);
  for (const [file, digest] of blobs) expect(basename(file)).toBe(digest);
};

describe('broken inputs', () => {
  const cases: readonly {
    name: string;
    file: string;
    content?: string | Buffer;
    more?: string;
    says: readonly string[];
  }[] = [
    {
      name: 'a missing file',
      file: 'gone.txt',
      says: ['gone.txt: wanted a file or a folder, got nothing there', 'Check the path'],
    },
    { name: 'an empty file', file: 'empty.txt', content: '', says: ['empty.txt', 'wanted', 'got'] },
    {
      name: 'white space alone',
      file: 'space.txt',
      content: ' \n\n\t\n',
      says: ['space.txt: wanted at least one document, got only white space'],
    },
    {
      name: 'a binary file',
      file: 'photo.txt',
      content: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3, 0xff, 0xd8]),
      says: ['photo.txt', 'wanted', 'got'],
    },
    {
      name: 'text that is not UTF-8',
      file: 'latin.txt',
      content: Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x0a]),
      says: ['latin.txt', 'wanted', 'UTF-8'],
    },
    {
      name: 'a JSON line that does not parse',
      file: 'rows.jsonl',
      content: '{"text":"fine"}\n{"text": \n',
      says: ['rows.jsonl:2: wanted one JSON object a line'],
    },
    {
      name: 'a JSON line without the field',
      file: 'rows.jsonl',
      content: '{"text":"fine"}\n{"body":"other"}\n',
      says: ["rows.jsonl:2: wanted a string in the field 'text', got the fields body", "Set 'field'"],
    },
  ];
  test.each(cases)('$name', async ({ file, content, more = '', says }) => {
    const io = fakeIo();
    const path = join(io.cwd, file);
    if (content !== undefined) writeFileSync(path, content);
    expect(await run(io, recipe(path, more))).toBe(1);
    for (const part of says) expect(io.stderr()).toContain(part);
    expect(io.stderr()).toContain('(bad-input)');
    expect(existsSync(path) ? readFileSync(path).toString('hex') : undefined).toBe(
      content === undefined ? undefined : Buffer.from(content).toString('hex'),
    );
  });

  test('a folder without any text', async () => {
    const io = fakeIo();
    mkdirSync(join(io.cwd, 'books'));
    expect(await run(io, recipe(join(io.cwd, 'books')))).toBe(1);
    expect(io.stderr()).toContain('wanted files that match');
    expect(io.stderr()).toContain("Set 'files'");
  });

  test('a package that is not installed', async () => {
    const io = fakeIo();
    expect(await run(io, recipe('data, package: no-such-package-here'))).toBe(1);
    expect(io.stderr()).toContain(
      "Package 'no-such-package-here': wanted an installed npm package, got none of that name. Install it: npm install no-such-package-here",
    );
  });

  test('a vocabulary that is too small: exit 2, before any work', async () => {
    const io = fakeIo();
    writeFileSync(join(io.cwd, 'a.txt'), PROSE);
    expect(await run(io, recipe(join(io.cwd, 'a.txt')), '--set', 'tokenizer.vocabSize=100')).toBe(2);
    expect(io.stderr()).toMatch(/wanted at least 257 .* got 100/);
    expect(io.stderr()).toContain('vocabSize');
    expect(await artifacts(io.cwd)).toEqual([false, false, false]);
  });

  test('a vocabulary over 65,536 written as nanoGPT .bin: refused, no file is left', async () => {
    const io = fakeIo();
    const out = join(io.cwd, 'out');
    const text = `name: big\nstages:\n  tokens: { use: many-ids, how: { vocabSize: 70000 } }\n  files: { use: write-nanogpt, from: { tokens: tokens.tokens }, how: { folder: ${out} } }\noutputs: { report: files.report }\n`;
    expect(await run(io, text)).toBe(1);
    expect(io.stderr()).toMatch(/65,?536/);
    expect(io.stderr()).toMatch(/70,?000/);
    expect(existsSync(out) ? readdirSync(out) : []).toEqual([]);
  });
});

describe('broken stores', () => {
  test('a store below a file', async () => {
    const io = fakeIo();
    writeFileSync(join(io.cwd, 'a.txt'), PROSE);
    writeFileSync(join(io.cwd, 'file'), 'mine');
    expect(await run(io, recipe(join(io.cwd, 'a.txt')), '--store', 'file/store')).toBe(1);
    expect(io.stderr()).toMatch(/file\/store/);
    expect(io.stderr()).toContain('not a directory');
    expect(io.stderr()).toContain('(not-writable)');
    expect(io.stderr()).toMatch(/Wanted: a folder .* Give another store/);
    expect(readFileSync(join(io.cwd, 'file'), 'utf8')).toBe('mine');
  });

  test('a store written by a newer version: refused by run, plan and store, and left as it is', async () => {
    const io = fakeIo();
    writeFileSync(join(io.cwd, 'a.txt'), PROSE);
    expect(await run(io, recipe(join(io.cwd, 'a.txt')))).toBe(0);
    const header = join(io.cwd, '.ingot', 'store.json');
    const newer = readFileSync(header, 'utf8').replace(/"format":\d+/, '"format":99');
    writeFileSync(header, newer);
    const before = readdirSync(join(io.cwd, '.ingot'), { recursive: true }).length;
    for (const command of [
      ['run', 'r.yaml', '--inline'],
      ['plan', 'r.yaml'],
      ['store', 'ls'],
    ]) {
      const next = fakeIo({ cwd: io.cwd });
      expect(await main(command, next, given)).toBe(1);
      expect(next.stderr()).toMatch(
        /\(newer-store\).*was written by a newer Ingot \(format 99, and this one knows \d+\)\. Update Ingot, or use another store\./,
      );
    }
    expect(readFileSync(header, 'utf8')).toBe(newer);
    expect(readdirSync(join(io.cwd, '.ingot'), { recursive: true })).toHaveLength(before);
  });

  test('a full disk (ulimit -f): finished stages are kept, nothing half-written, and the same command goes on afterwards', async () => {
    const io = fakeIo();
    const store = join(io.cwd, '.ingot');
    // 60 KB as text, 110 KB as tokens: the first two stages fit below a limit of 64 KB, the third does not
    writeFileSync(join(io.cwd, 'a.txt'), noise(60_000));
    writeFileSync(join(io.cwd, 'r.yaml'), recipe(join(io.cwd, 'a.txt')));
    const bin = fileURLToPath(new URL('../bin/ingot.mjs', import.meta.url));
    const limited = spawnSync('bash', ['-c', `ulimit -f 64; exec "${process.execPath}" "${bin}" run r.yaml --inline`], {
      cwd: io.cwd,
      encoding: 'utf8',
    });
    expect(limited.status).toBe(1);
    expect(limited.stderr).toMatch(/\(disk-full\).*a file-size limit was met \(EFBIG/);
    expect(limited.stderr).toContain('continue with:\n  ingot run r.yaml');

    const kept = await listed(io.cwd);
    expect(kept.map(({ stage }) => stage)).toEqual(['text', 'bpe']);
    expect(readdirSync(join(store, 'temporary'))).toEqual([]);
    expect(readdirSync(join(store, 'locks'))).toEqual([]);
    const before = contents(store);
    expectWhole(before);

    const next = fakeIo({ cwd: io.cwd });
    expect(await main(['run', 'r.yaml', '--inline', '--json'], next, given)).toBe(0);
    const said = (type: string) => next.jsonLines().flatMap((line) => (line['type'] === type ? [line['key']] : []));
    expect(said('stage-cached')).toEqual(kept.map(({ key }) => key));
    expect(said('stage-start')).toHaveLength(1);
    const after = contents(store);
    expectWhole(after);
    expect([...before].filter(([file, digest]) => after.get(file) !== digest)).toEqual([]);
    expect(await listed(io.cwd)).toEqual(
      expect.arrayContaining(kept.map(({ key, made }) => expect.objectContaining({ key, made }))),
    );

    const undisturbed = fakeIo();
    expect(await run(undisturbed, recipe(join(io.cwd, 'a.txt')))).toBe(0);
    const blobs = (of: ReadonlyMap<string, string>) =>
      [...of.keys()].filter((file) => file.startsWith('blobs/')).sort();
    expect(blobs(after)).toEqual(blobs(contents(join(undisturbed.cwd, '.ingot'))));
  });
});
