// Broken inputs through a real ingot: each is refused before or while the stage runs, says what was wanted and what was got, and leaves the store unchanged.
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIngot, IngotError } from '@ingot/core';
import { writeTokenizerJson } from '@ingot/formats';
import { byteLevelJson, BYTE_CHARACTERS } from '@ingot/text';
import { describe, expect, it } from 'vitest';
import { data } from './plugin.js';

const ingot = createIngot({ plugins: [data] });
const folder = mkdtempSync(join(tmpdir(), 'ingot-broken-'));
const at = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
mkdirSync(join(folder, 'bare'));

const refusal = async (wire: Parameters<typeof ingot.pipeline>[1]): Promise<IngotError> => {
  const thrown: unknown = await Promise.resolve()
    .then(() => ingot.pipeline('broken', wire).run().result())
    .catch((error: unknown) => error);
  if (!IngotError.is(thrown)) throw new Error(`wanted an IngotError, got ${String(thrown)}`);
  return thrown;
};

describe('the stage text refuses', () => {
  it.each([
    [
      'a missing file',
      { path: join(folder, 'missing.txt') },
      /missing\.txt: wanted a file or a folder, got nothing there/,
    ],
    ['an empty file', { path: at('empty.txt', '') }, /empty\.txt: wanted text, got an empty file/],
    ['a file of white space', { path: at('white.txt', ' \n\t\n') }, /at least one document, got only white space/],
    [
      'a binary file',
      { path: at('binary.txt', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 1)) },
      /binary file \(a NUL byte at offset 4\)/,
    ],
    [
      'a file that is not UTF-8',
      { path: at('latin.txt', Uint8Array.of(0x63, 0x61, 0x66, 0xe9, 0x0a)) },
      /byte 0xe9 that is not UTF-8 at offset 3/,
    ],
    [
      'a cut character at the end',
      { path: at('cut.txt', Uint8Array.of(0x61, 0xf0, 0x9f, 0x99)) },
      /byte 0xf0 .* at offset 1/,
    ],
    ['a folder without text', { path: join(folder, 'bare') }, /a folder without any/],
    [
      'a JSON line that does not parse',
      { path: at('bad.jsonl', '{"text":"a"}\n{"text":') },
      /bad\.jsonl:2: wanted one JSON object a line/,
    ],
    [
      'a JSON line without the field',
      { path: at('other.jsonl', '{"body":"a"}') },
      /other\.jsonl:1: wanted a string in the field 'text', got the fields body/,
    ],
    [
      'half a character in a JSON line',
      { path: at('half.jsonl', String.raw`{"text":"a\ud83d"}`) },
      /half\.jsonl:1: wanted whole characters .* half of a surrogate pair/,
    ],
    [
      'a package that is not installed',
      { package: '@ingot/no-such-package' },
      /Package '@ingot\/no-such-package': wanted an installed npm package/,
    ],
    ['no place at all', {}, /wanted 'path' or 'package', got neither/],
  ] as const)('%s', async (_, how, message) => {
    const { code, message: text } = await refusal((g) => g.add('text', {}, how));
    expect(text).toMatch(message);
    expect(code).toBe('bad-input');
  });
});

const value = (path: string) =>
  ingot
    .pipeline('read', (g) => g.add('tokenizer', {}, { path }))
    .run()
    .result();

describe('the stage tokenizer', () => {
  const json = byteLevelJson([...BYTE_CHARACTERS].toSorted(), [], [], 'gpt2');
  it('reads a tokenizer.json; its key follows the content', async () => {
    const [one, two] = [
      await value(at('one.json', writeTokenizerJson(json))),
      await value(at('two.json', JSON.stringify(json))),
    ];
    expect(one.tokenizer.vocabSize).toBe(256);
    expect(one.tokenizer.digest).toBe(two.tokenizer.digest);
  });
  it.each([
    ['a missing file', join(folder, 'no.json'), /no\.json: wanted a tokenizer\.json, got nothing there/],
    ['what is not JSON', at('text.json', 'hello'), /text\.json: wanted JSON/],
    [
      'a component that we do not honour',
      at('unigram.json', '{"model":{"type":"Unigram","vocab":[]}}'),
      /model 'Unigram' is malformed or not supported/,
    ],
    [
      'a merge of tokens that are not there',
      at('merge.json', JSON.stringify({ ...json, model: { ...json.model, merges: ['q zz'] } })),
      /Merge 0 \('q' and 'zz'\)/,
    ],
  ])('refuses %s', async (_, path, message) => {
    expect((await refusal((g) => g.add('tokenizer', {}, { path }))).message).toMatch(message);
  });
});

describe('tokenizers and packing refuse', () => {
  const text = at('text.txt', 'one line\nand another line\n');
  it('a character that the tokenizer never saw', async () => {
    const { message } = await refusal((g) => {
      const { tokenizer } = g.add('char', { text: g.add('text', {}, { path: text }, 'seen').text });
      return g.add('pack', {
        text: g.add('text', {}, { path: at('greek.txt', 'αβγ\nδεζ\nηθι') }, 'unseen').text,
        tokenizer,
      });
    });
    expect(message).toMatch(/Character 'α' \(U\+03B1\)/);
  });
  it.each([0, 1, NaN, -0.1])('a validation share of %d', async (validation) => {
    const { code, message } = await refusal((g) => {
      const source = g.add('text', {}, { path: text }).text;
      return g.add('pack', { text: source, tokenizer: g.add('byte', {}).tokenizer }, { validation });
    });
    expect(code).toBe('bad-options');
    expect(message).toMatch(/validation/);
  });
  it("a vocabulary over 65,536 as nanoGPT's two bytes, and writes nothing", async () => {
    const special = Array.from({ length: 65_300 }, (_, i) => `<|${i}|>`);
    const out = join(folder, 'bare');
    const { message } = await refusal((g) => {
      const { tokens } = g.add('pack', {
        text: g.add('text', {}, { path: text }).text,
        tokenizer: g.add('byte', {}, { special }).tokenizer,
      });
      return g.add('write-nanogpt', { tokens }, { folder: out });
    });
    expect(message).toMatch(/at most 65536 .* got 65556/);
    expect(readdirSync(out)).toEqual([]);
  });
  it('a folder below a file', async () => {
    const { message } = await refusal((g) => {
      const { tokens } = g.add('pack', {
        text: g.add('text', {}, { path: text }).text,
        tokenizer: g.add('byte', {}).tokenizer,
      });
      return g.add('write-nanogpt', { tokens }, { folder: join(text, 'below') });
    });
    expect(message).toMatch(/below/);
  });
});
