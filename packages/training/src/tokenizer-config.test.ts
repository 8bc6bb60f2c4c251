// tokenizer_config.json both ways: what we write comes back, what others write is understood, what cannot be is refused.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChatFormat } from '@ingot/contracts';
import { afterAll, expect, it } from 'vitest';
import { design } from './tiny-family.fixture.js';
import { readChatFormat, tokenizerConfig } from './tokenizer-config.js';

const temporary = mkdtempSync(join(tmpdir(), 'ingot-tokenizer-config-'));
afterAll(() => rmSync(temporary, { recursive: true }));
/** What is read of a folder with these files. */
const read = async (files: Readonly<Record<string, unknown>>): Promise<ChatFormat | undefined> => {
  const folder = mkdtempSync(join(temporary, 'folder-'));
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return readChatFormat(folder);
};
const template = "{{ bos_token }}{% for m in messages %}{{ m['content'] + '<|end|>\\n' }}{% endfor %}";

it.each<ChatFormat>([
  { name: 'own', template, endOfTurn: '<|end|>' },
  { name: 'own', template, endOfTurn: '<|end|>', beginOfText: '<s>' },
])('comes back as it was: %j', async (chat) => {
  expect(await read({ 'tokenizer_config.json': tokenizerConfig({ ...design, chat }) })).toEqual(chat);
});

it('of a base model has no template, and the end of text where the tokenizer has one', async () => {
  expect(tokenizerConfig(design)).toEqual({
    tokenizer_class: 'PreTrainedTokenizerFast',
    model_max_length: 64,
    clean_up_tokenization_spaces: false,
  });
  const json = { added_tokens: [{ id: 0, content: '<|endoftext|>' }] };
  const base = tokenizerConfig({ ...design, tokenizer: { ...design.tokenizer, json } });
  expect(base).toMatchObject({ eos_token: '<|endoftext|>' });
  expect(await read({ 'tokenizer_config.json': base })).toBeUndefined();
  expect(await read({})).toBeUndefined();
});

it('of other programs: tokens as objects, several templates, a template in a file of its own', async () => {
  const chat = { name: 'from-folder', template, endOfTurn: '<|end|>' };
  const object = { content: '<|end|>', lstrip: false, special: true };
  expect(
    await read({ 'tokenizer_config.json': { chat_template: template, eos_token: object, bos_token: null } }),
  ).toEqual(chat);
  const several = [
    { name: 'tool_use', template: 'other' },
    { name: 'default', template },
  ];
  expect(await read({ 'tokenizer_config.json': { chat_template: several, eos_token: '<|end|>' } })).toEqual(chat);
  expect(
    await read({
      'tokenizer_config.json': { chat_template: several.slice(0, 1), eos_token: '<|end|>' },
    }),
  ).toBeUndefined();
  expect(
    await read({
      'chat_template.jinja': template,
      'tokenizer_config.json': { chat_template: 'old', eos_token: '<|end|>' },
    }),
  ).toEqual(chat);
});

it.each<[string, Readonly<Record<string, unknown>>, RegExp]>([
  ['no JSON', { 'tokenizer_config.json': 'x' }, /is not JSON/u],
  ['no configuration', { 'tokenizer_config.json': { eos_token: 5 } }, /no tokenizer configuration/u],
  ['no end', { 'chat_template.jinja': template }, /names no eos_token/u],
])('is refused where it is %s', async (_, files, message) => {
  await expect(read(files)).rejects.toMatchObject({
    code: 'bad-input',
    message: expect.stringMatching(message) as string,
  });
});
