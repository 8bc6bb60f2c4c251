// tokenizer_config.json of a model folder, as far as conversations go: the chat template and the tokens that begin and end, as transformers reads them.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IngotError } from '@ingot/core';
import type { ChatFormat, DesignValue } from '@ingot/contracts';
import * as z from 'zod';

/** The files that may hold a chat template, beside the ones that every model folder has. */
export const CHAT_FILES = ['tokenizer_config.json', 'chat_template.jinja'] as const;

const token = z
  .union([z.string(), z.looseObject({ content: z.string() }).transform(({ content }) => content)])
  .nullish()
  .transform((value) => value ?? undefined);
const named = z.array(z.looseObject({ name: z.string(), template: z.string() }));
const theirConfig = z.looseObject({
  /** One template, or several by name, of which 'default' is for chat. */
  chat_template: z
    .union([z.string(), named.transform((all) => all.find(({ name }) => name === 'default')?.template)])
    .nullish(),
  eos_token: token,
  bos_token: token,
  pad_token: token,
  /** Ours: the format's name. transformers keeps what it does not know. */
  chat_format: z.string().nullish(),
});
const addedTokens = z.looseObject({ added_tokens: z.array(z.looseObject({ content: z.string() })) });

/** What tokenizer_config.json of this design says. A base model has no chat template there; its end is `<|endoftext|>`, where the tokenizer has it. */
export function tokenizerConfig({ chat, tokenizer, context }: DesignValue): Readonly<Record<string, unknown>> {
  const added = addedTokens.safeParse(tokenizer.json).data?.added_tokens ?? [];
  const end = chat?.endOfTurn ?? added.find(({ content }) => content === '<|endoftext|>')?.content;
  return {
    tokenizer_class: 'PreTrainedTokenizerFast',
    model_max_length: context,
    clean_up_tokenization_spaces: false,
    ...(end !== undefined && { eos_token: end }),
    ...(chat?.beginOfText !== undefined && { bos_token: chat.beginOfText }),
    ...(chat && { chat_template: chat.template, chat_format: chat.name }),
  };
}

async function readOptional(folder: string, name: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, name), 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new IngotError('bad-input', `The model folder '${folder}' has a ${name} that cannot be read.`, { cause });
  }
}

/** Throws `bad-input` when tokenizer_config.json is broken. */
async function readConfig(folder: string): Promise<z.output<typeof theirConfig>> {
  const text = await readOptional(folder, CHAT_FILES[0]);
  const path = join(folder, CHAT_FILES[0]);
  let json: unknown = {};
  try {
    if (text !== undefined) json = JSON.parse(text);
  } catch (cause) {
    throw new IngotError('bad-input', `'${path}' is not JSON: ${(cause as Error).message}.`, { cause });
  }
  const parsed = theirConfig.safeParse(json);
  if (!parsed.success)
    throw new IngotError('bad-input', `'${path}' is no tokenizer configuration: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** What is wrong when a folder's pad_token is its eos_token, in a sentence; undefined when it is another or there is none. Throws `bad-input` when tokenizer_config.json is broken. */
export async function padIsEnd(folder: string): Promise<string | undefined> {
  const { eos_token: end, pad_token: pad } = await readConfig(folder);
  if (pad === undefined || pad !== end) return undefined;
  return `PAD = EOS: tokenizer_config.json of '${folder}' pads with the token that ends an answer, ${JSON.stringify(end)}. Programs that mask padding then never teach the end, and a model tuned so may not stop: look whether its answers end. Here padding is no token, so tuning teaches the end all the same, and a folder written here names no pad_token.`;
}

/**
 * The chat format of a model folder, or undefined where it has none: a base model. As in transformers, chat_template.jinja goes before the template in tokenizer_config.json.
 * Throws `bad-input` when tokenizer_config.json is broken, or a template has no eos_token to end an answer with.
 */
export async function readChatFormat(folder: string): Promise<ChatFormat | undefined> {
  const alone = await readOptional(folder, CHAT_FILES[1]);
  const { chat_template: inside, eos_token: end, bos_token: begin, chat_format: name } = await readConfig(folder);
  const template = alone ?? inside;
  if (template === undefined || template === null) return undefined;
  if (end === undefined)
    throw new IngotError(
      'bad-input',
      `The model folder '${folder}' has a chat template, but its tokenizer_config.json names no eos_token: nothing would end an answer. Add the control token with which the template ends a turn.`,
    );
  return {
    name: name ?? 'from-folder',
    template,
    endOfTurn: end,
    ...(begin !== undefined && { beginOfText: begin }),
  };
}
