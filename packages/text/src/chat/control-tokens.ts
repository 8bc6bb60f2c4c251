// Which control tokens a chat format needs, and that a tokenizer has them as such.
import { IngotError } from '@ingot/core';
import type { ChatFormat } from '@ingot/contracts';
import type { Tokenizer } from '../tokenizer.js';
import { partsOf, rendererOf } from './render.js';

/** Text that published templates use as control tokens: `<|…|>`, and the names that Gemma and Mistral gave theirs. */
const SPELT = /<\|[^\s<>|]+\|>|<(?:bos|eos|start_of_turn|end_of_turn)>|<\/?s>|\[\/?INST\]/gu;
const PADDING = /^[<[]\|?(?:pad|padding)\|?[>\]]$/iu;
const PROBES = [
  ['system', 'user', 'assistant', 'user'],
  ['user', 'assistant', 'user'],
] as const;

/**
 * The control tokens that conversations in this format are spelt with, to give to a tokenizer stage as `special` (beside `<|endoftext|>`).
 * Throws 'bad-options' for a template that is no Jinja.
 */
export const controlTokensOf = (format: ChatFormat): readonly string[] => {
  const renderer = rendererOf(format);
  const found = new Set([...(format.beginOfText === undefined ? [] : [format.beginOfText]), format.endOfTurn]);
  for (const roles of PROBES)
    for (const generate of [false, true]) {
      let parts;
      try {
        parts = partsOf(renderer, roles, generate);
      } catch (error) {
        if (IngotError.is(error) && error.code === 'bad-input') continue; // this template knows no system turn
        throw error;
      }
      for (const part of parts) if ('text' in part) for (const [token] of part.text.matchAll(SPELT)) found.add(token);
    }
  return [...found];
};

/**
 * Makes sure that a tokenizer can spell conversations in this format with control tokens that no text can become.
 * Throws 'bad-input' when control tokens are missing, when padding would end a turn, or when the tokenizer puts a space before every text.
 */
export const checkControlTokens = (format: ChatFormat, tokenizer: Tokenizer): void => {
  const wanted = controlTokensOf(format);
  const missing = wanted.filter((token) => !tokenizer.special.has(token));
  if (missing.length > 0)
    throw new IngotError(
      'bad-input',
      `The chat format '${format.name}' wants the control token${missing.length > 1 ? 's' : ''} ${quoted(missing)}, which this tokenizer does not have among its special tokens (${quoted([...tokenizer.special.keys()]) || 'none'}). Make the tokenizer with special: ${JSON.stringify(['<|endoftext|>', ...wanted.filter((token) => token !== '<|endoftext|>')])}, or take another format.`,
    );
  if (PADDING.test(format.endOfTurn))
    throw new IngotError(
      'bad-input',
      `The chat format '${format.name}' ends a turn with '${format.endOfTurn}', a padding token: whoever masks padding would never teach the model to stop. Give the end of a turn a token of its own.`,
    );
  if (tokenizer.decode(tokenizer.encode('\n')) !== '\n')
    throw new IngotError(
      'bad-input',
      `This tokenizer changes a text that it spells (add_prefix_space, or a normalizer): turns of the chat format '${format.name}' would not be what was said. Take one that spells '\\n' as '\\n'.`,
    );
};

const quoted = (tokens: readonly string[]): string => tokens.map((token) => `'${token}'`).join(', ');
