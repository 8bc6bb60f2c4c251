// What turns prompts and examples into tokens: a tokenizer and, for conversations, a chat format that it can spell.
import { IngotError } from '@ingot/core';
import type { ChatFormat, Message, TokenizerValue } from '@ingot/contracts';
import { loadTokenizer } from '../load-tokenizer.js';
import type { Tokenizer } from '../tokenizer.js';
import { checkControlTokens } from './control-tokens.js';
import { planOf, type Plan } from './plan.js';
import { rendererOf, type ChatRenderer } from './render.js';

/** A tokenizer that also knows how conversations are spelt. */
export interface ChatEncoder {
  readonly tokenizer: Tokenizer;
  readonly format?: ChatFormat;
  /** The id that ends an answer: the format's, else end-of-text. */
  readonly endOfTurn: number;
  /** The id that begins every conversation, where the format has one. */
  readonly beginOfText?: number;
  /** The format's template, compiled. Throws 'bad-input' without a format. */
  readonly renderer: () => ChatRenderer;
  /** The tokens of a conversation of these roles but for its contents; kept for the next of the same roles. */
  readonly plan: (roles: readonly Message['role'][], generate: boolean) => Plan;
}

/** Conversations have few shapes: this many are kept, and forgotten together. */
const MOST_PLANS = 512;

/**
 * The encoder of a tokenizer and, where conversations are to be spelt, a chat format.
 * Throws 'bad-input' when the format needs control tokens that the tokenizer lacks, when nothing ends an answer, or when the format cannot spell a request and an answer; 'bad-options' for a template that is no Jinja.
 */
export const chatEncoder = ({
  tokenizer: value,
  chat,
}: {
  readonly tokenizer: TokenizerValue;
  readonly chat?: ChatFormat;
}): ChatEncoder => {
  const tokenizer = loadTokenizer(value);
  const endOfTurn = chat ? chatEnd(chat, tokenizer) : tokenizer.endOfText;
  if (endOfTurn === undefined)
    throw new IngotError(
      'bad-input',
      "Nothing ends an answer: the tokenizer has no special token '<|endoftext|>', and there is no chat format. Make the tokenizer with special: ['<|endoftext|>'], or give a chat format, such as chatFormats.chatml.",
    );
  const beginOfText = chat?.beginOfText === undefined ? undefined : tokenizer.special.get(chat.beginOfText);
  const plans = new Map<string, Plan>();
  let compiled: ChatRenderer | undefined;
  const renderer = (): ChatRenderer => {
    if (!chat)
      throw new IngotError(
        'bad-input',
        'This prompt or example is a conversation, and the model has no chat format: it is a base model. Give one (chatFormats.chatml is the default for models of our own), or write the prompt as text.',
      );
    return (compiled ??= rendererOf(chat));
  };
  const plan: ChatEncoder['plan'] = (roles, generate) => {
    const key = `${generate},${roles.join()}`;
    const known = plans.get(key);
    if (known) return known;
    const made = planOf(roles, generate, { renderer: renderer(), tokenizer, endOfTurn });
    checkBeginning(made, beginOfText, endOfTurn, chat!);
    if (plans.size >= MOST_PLANS) plans.clear();
    plans.set(key, made);
    return made;
  };
  // One request and one answer: a format that cannot spell these is refused here, and not at the first row.
  if (chat) plan(['user', 'assistant'], false);
  return {
    tokenizer,
    endOfTurn,
    renderer,
    plan,
    ...(chat && { format: chat }),
    ...(beginOfText !== undefined && { beginOfText }),
  };
};

const chatEnd = (chat: ChatFormat, tokenizer: Tokenizer): number | undefined => {
  checkControlTokens(chat, tokenizer);
  return tokenizer.special.get(chat.endOfTurn);
};

/** A template that spells the begin-of-text itself spells it once, first; a token that also ends turns may stand elsewhere. */
const checkBeginning = (
  { segments }: Plan,
  beginOfText: number | undefined,
  endOfTurn: number,
  { name, beginOfText: text }: ChatFormat,
): void => {
  if (beginOfText === undefined || beginOfText === endOfTurn) return;
  const ids = segments.map((segment) => ('id' in segment ? segment.id : -1));
  const times = ids.filter((id) => id === beginOfText).length;
  if (times > 1 || (times === 1 && ids[0] !== beginOfText))
    throw new IngotError(
      'bad-input',
      `The chat format '${name}' spells its begin-of-text '${text}' ${times} times, wanted once, first, or not at all (then it is put there). Correct the template.`,
    );
};
