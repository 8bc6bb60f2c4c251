// A model folder carries its chat format: it comes back, another model's does not linger, and it is part of the folder's fingerprint.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelOf, type ChatFormat } from '@ingot/contracts';
import { gptDesign, gptFamily } from '@ingot/model-gpt';
import { referenceDevice } from '@ingot/tensor';
import {
  byteLevelJson,
  BYTE_CHARACTERS,
  chatEncoder,
  chatFormats,
  controlTokensOf,
  encodePrompt,
  tokenizerValue,
} from '@ingot/text';
import { initialParameters, readModelFolder, writeModelFolder } from '@ingot/training';
import { afterAll, expect, it } from 'vitest';
import { fingerprintFolder } from './index.js';

const temporary = mkdtempSync(join(tmpdir(), 'ingot-folder-chat-'));
afterAll(() => rmSync(temporary, { recursive: true }));
const device = referenceDevice();
const modelWith = (chat: ChatFormat) => {
  const special = [...new Set(['<|endoftext|>', ...controlTokensOf(chat)])];
  const tokenizer = tokenizerValue(
    byteLevelJson([...special, ...[...BYTE_CHARACTERS].toSorted()], [], special, 'gpt2'),
  );
  const design = gptDesign({ layers: 1, heads: 1, width: 4, context: 8 }, tokenizer);
  return modelOf({ ...design, chat }, initialParameters(device, gptFamily.parameters(design), 1));
};
const readers = { families: [gptFamily], tokenizerValue };

it.each(Object.values(chatFormats))('keeps $name', async (chat: ChatFormat) => {
  const folder = join(temporary, chat.name);
  const model = modelWith(chat);
  await writeModelFolder(folder, model, gptFamily);
  const { design } = await readModelFolder(folder, readers);
  expect(design.chat).toEqual(chat);
  const prompt = [{ role: 'user', content: 'Hi' }] as const;
  const ids = ({ tokenizer, chat: own }: typeof design) =>
    encodePrompt(chatEncoder({ tokenizer, ...(own && { chat: own }) }), prompt);
  expect(ids(design)).toEqual(ids(model.design));
});

it('has another fingerprint with another template', async () => {
  const prints: string[] = [];
  for (const name of ['chatml', 'own']) {
    const folder = join(temporary, `print-${name}`);
    const template = `${chatFormats.chatml.template}${name}`;
    await writeModelFolder(folder, modelWith({ ...chatFormats.chatml, template }), gptFamily);
    prints.push(await fingerprintFolder(folder));
  }
  expect(prints[0]).not.toBe(prints[1]);
});

it('does not keep the template of a model that stood there before', async () => {
  const folder = join(temporary, 'again');
  await writeModelFolder(folder, modelWith(chatFormats.chatml), gptFamily);
  writeFileSync(join(folder, 'chat_template.jinja'), 'old');
  const { chat: _, ...design } = modelWith(chatFormats.chatml).design;
  await writeModelFolder(folder, { ...modelWith(chatFormats.chatml), design }, gptFamily);
  expect(existsSync(join(folder, 'chat_template.jinja'))).toBe(false);
  expect((await readModelFolder(folder, readers)).design.chat).toBeUndefined();
});
