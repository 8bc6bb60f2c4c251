// Renders a chat template twice: with the contents, for the text, and with marks in their place, for what is template and what is content.
import { Template } from '@huggingface/jinja';
import { IngotError, messageOf } from '@ingot/core';
import type { ChatFormat, Message } from '@ingot/contracts';

type Role = Message['role'];
/** A piece of a rendered conversation: text of the template, or the place of a message's content. `block`: the number of the `{% generation %}` block around it. */
export type Part =
  | { readonly text: string; readonly block: number | undefined }
  | { readonly message: number; readonly block: number | undefined };
/** A compiled template. */
export interface ChatRenderer {
  readonly format: ChatFormat;
  /** Whether the template says itself what is learnt, by `{% generation %}`. */
  readonly marked: boolean;
  /** The conversation as the template spells it; `generate` asks for the beginning of an answer. Throws 'bad-input' when the template refuses it. */
  render(messages: readonly Message[], generate: boolean): string;
  /** The same with the marks of `{% generation %}` blocks left in. */
  renderMarked(messages: readonly Message[], generate: boolean): string;
}

// Private-use characters stand for contents and marks. No content is in the rendering that is cut at them, only the template's own text.
const [OPEN, CLOSE, BLOCK, BLOCK_END, ZERO] = ['\uF8D0', '\uF8D1', '\uF8D2', '\uF8D3', 0xf8e0];
const RESERVED = /[\uF8D0-\uF8E9]/u;
const CUT = /\uF8D0([\uF8E0-\uF8E9]+)\uF8D1|[\uF8D2\uF8D3]/gu;
const placeholder = (index: number): string =>
  `${OPEN}${String(index).replace(/\d/gu, (digit) => String.fromCharCode(ZERO + Number(digit)))}${CLOSE}`;
const numberOf = (digits: string): number => Number([...digits].map((digit) => digit.charCodeAt(0) - ZERO).join(''));

/** Blanks before a tag that stands alone at the beginning of its line go, as by `lstrip_blocks`; what comes after it is left to a tag that prints nothing. */
const GENERATION = /(^[ \t]*)?\{%(-?)\s*(end)?generation\s*(-?)%\}/gmu;
const withMarks = (template: string): string =>
  template.replace(
    GENERATION,
    (_, __, left: string, end: string | undefined, right: string) =>
      `{{${left} '${end ? BLOCK_END : BLOCK}' }}{% set ingot_generation = 0 ${right}%}`,
  );

/** A template that asks for the date would teach another text every day: it is told that there is no clock, as published ones foresee. */
const withoutClock = (template: string): string =>
  template.includes('strftime_now') ? `{% set strftime_now = ingot_has_no_clock %}{{ '' }}${template}` : template;

const compiled = new Map<string, Template>();
const compile = (source: string, format: ChatFormat): Template => {
  const known = compiled.get(source);
  if (known) return known;
  try {
    const template = new Template(withoutClock(source));
    if (compiled.size >= 64) compiled.clear();
    compiled.set(source, template);
    return template;
  } catch (cause) {
    throw new IngotError(
      'bad-options',
      `The template of the chat format '${format.name}' is no Jinja that chat templates are written in: ${messageOf(cause)}.`,
      { cause },
    );
  }
};

/** The compiled template of a format. Throws 'bad-options' for one that is no Jinja, or that has private-use characters of ours (U+F8D0 to U+F8E9). */
export const rendererOf = (format: ChatFormat): ChatRenderer => {
  if (RESERVED.test(format.template))
    throw new IngotError(
      'bad-options',
      `The template of the chat format '${format.name}' has a character from U+F8D0 to U+F8E9, which mark the places of contents. Spell it another way.`,
    );
  const plain = compile(format.template, format);
  const source = withMarks(format.template);
  const marked = source !== format.template;
  const render = (template: Template, messages: readonly Message[], generate: boolean): string => {
    try {
      return template.render({
        messages: messages.map(({ role, content }) => ({ role, content })),
        add_generation_prompt: generate,
        bos_token: format.beginOfText ?? '',
        eos_token: format.endOfTurn,
      });
    } catch (cause) {
      throw new IngotError(
        'bad-input',
        `The chat format '${format.name}' refuses a conversation of ${messages.map(({ role }) => role).join(', ') || 'no turns'}: ${messageOf(cause)}.`,
        { cause },
      );
    }
  };
  return {
    format,
    marked,
    render: (messages, generate) => render(plain, messages, generate),
    renderMarked: (messages, generate) => render(marked ? compile(source, format) : plain, messages, generate),
  };
};

/** The parts of a conversation of these roles, whatever their contents. Throws 'bad-input' when the template refuses them, prints a content twice, or leaves one out. */
export const partsOf = (renderer: ChatRenderer, roles: readonly Role[], generate: boolean): readonly Part[] => {
  const text = renderer.renderMarked(
    roles.map((role, index) => ({ role, content: placeholder(index) })),
    generate,
  );
  const parts: Part[] = [];
  let [end, blocks, block] = [0, 0, undefined as number | undefined];
  for (const match of text.matchAll(CUT)) {
    if (match.index > end) parts.push({ text: text.slice(end, match.index), block });
    if (match[1] !== undefined) parts.push({ message: numberOf(match[1]), block });
    else block = match[0] === BLOCK ? blocks++ : undefined;
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), block });
  roles.forEach((role, index) => {
    const times = parts.filter((part) => 'message' in part && part.message === index).length;
    if (times !== 1)
      throw new IngotError(
        'bad-input',
        `The chat format '${renderer.format.name}' spells the content of turn ${index + 1} of ${roles.length} (${role}) ${times} times, wanted once: what is learnt could not be told. Leave that turn out, or take another format.`,
      );
  });
  return parts;
};
