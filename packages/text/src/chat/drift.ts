// Template drift: a model that was taught one chat format and is asked in another answers worse, in silence. Here it is refused.
import { IngotError } from '@ingot/core';
import type { ChatFormat, DesignValue } from '@ingot/contracts';

const FIELDS = ['template', 'endOfTurn', 'beginOfText'] as const;

/** Whether two formats spell every conversation alike as far as their texts tell; names do not count. */
export const sameChat = (a: ChatFormat | undefined, b: ChatFormat | undefined): boolean =>
  a === b || (!!a && !!b && FIELDS.every((field) => a[field] === b[field]));

const shown = (text: string | undefined, from: number): string =>
  text === undefined
    ? 'none'
    : JSON.stringify(`${from > 12 ? '…' : ''}${text.slice(Math.max(0, from - 12), from + 36)}`);

/**
 * The format that a model is to be asked with: its own, or the given one when it has none.
 * Throws 'bad-wiring' when it has one and another is given; the message shows where they first differ.
 */
export const checkChat = (
  design: Pick<DesignValue, 'chat'>,
  format: ChatFormat | undefined,
): ChatFormat | undefined => {
  const { chat } = design;
  if (!chat || !format || sameChat(chat, format)) return chat ?? format;
  const field = FIELDS.find((name) => chat[name] !== format[name])!;
  const [own, given] = [chat[field], format[field]];
  let at = 0;
  while (own?.[at] !== undefined && own[at] === given?.[at]) at++;
  throw new IngotError(
    'bad-wiring',
    `Template drift: the model was taught with the chat format '${chat.name}', and '${format.name}' is given. They first differ in ${field}, at character ${at}: ${shown(own, at)} against ${shown(given, at)}. Leave the format out to use the model's own, or begin from a model that has none.`,
  );
};
