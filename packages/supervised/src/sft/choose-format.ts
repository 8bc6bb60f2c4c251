// Which chat format a model is taught with: its own, what is asked for, or ChatML where the tokenizer can spell it.
import type { ChatFormat, DesignValue } from '@ingot/contracts';
import { chatFormats, checkChat, controlTokensOf, loadTokenizer } from '@ingot/text';
import type { SftOptions } from './options.js';

/** The option as a format. */
export const formatOf = (template: SftOptions['template']): ChatFormat | undefined =>
  typeof template === 'string' ? chatFormats[template] : template;

/**
 * The format to teach with; undefined where there is none, for prompts and completions.
 * @throws IngotError `bad-wiring` when the model has a format and another is asked for.
 */
export function chooseFormat(
  design: Pick<DesignValue, 'chat' | 'tokenizer'>,
  template: SftOptions['template'],
): ChatFormat | undefined {
  const chosen = checkChat(design, formatOf(template));
  if (chosen) return chosen;
  const { special } = loadTokenizer(design.tokenizer);
  return controlTokensOf(chatFormats.chatml).every((token) => special.has(token)) ? chatFormats.chatml : undefined;
}
