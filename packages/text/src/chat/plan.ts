// A conversation's tokens as far as its roles decide them: control tokens, and between them runs of the template's plain text and of contents, cut where an answer begins.
import { IngotError, messageOf } from '@ingot/core';
import type { Message } from '@ingot/contracts';
import { cutAtSpecial } from '../special-tokens.js';
import type { Tokenizer } from '../tokenizer.js';
import { partsOf, type ChatRenderer, type Part } from './render.js';

type Role = Message['role'];
/** Plain text of the template, or a content. `owner`: the message whose weight it is learnt with; none for what is never learnt. */
export type Plain = ({ readonly text: string } | { readonly message: number }) & { readonly owner: number | undefined };
/** A control token of the template, or what is encoded as one text that becomes no control token. */
export type Segment = { readonly id: number; readonly owner: number | undefined } | { readonly run: readonly Plain[] };
export interface Plan {
  readonly parts: readonly Part[];
  readonly segments: readonly Segment[];
  /** The segment with which the last answer begins: all before it is what a prompt gives. */
  readonly answerAt: number;
  /** The segment after the control token that ends the last turn. */
  readonly answerEnd: number;
}
interface Planner {
  readonly renderer: ChatRenderer;
  readonly tokenizer: Tokenizer;
  readonly endOfTurn: number;
}

const textOf = (parts: readonly Part[]): string => parts.map((part) => ('text' in part ? part.text : '')).join('');

/** The parts after the last content: with a generation prompt, what stands before an answer. */
const afterLast = (parts: readonly Part[]): readonly Part[] =>
  parts.slice(parts.findLastIndex((part) => 'message' in part) + 1);

/** Parts of text cut after their first `length` code units. */
const cutText = (parts: readonly Part[], length: number): readonly [readonly Part[], readonly Part[]] => {
  const [before, after]: [Part[], Part[]] = [[], []];
  let left = length;
  for (const part of parts as readonly Extract<Part, { text: string }>[]) {
    const taken = Math.min(left, part.text.length);
    if (taken > 0) before.push({ ...part, text: part.text.slice(0, taken) });
    if (taken < part.text.length) after.push({ ...part, text: part.text.slice(taken) });
    left -= taken;
  }
  return [before, after];
};

/** Text of the template cut at control tokens. Throws 'bad-input' when the tokenizer cannot spell what is between them. */
const cutAtControl = (text: string, { tokenizer, renderer }: Planner): ReturnType<typeof cutAtSpecial> => {
  try {
    tokenizer.encode(text, { allowedSpecial: 'all' });
  } catch (cause) {
    throw new IngotError(
      'bad-input',
      `The chat format '${renderer.format.name}' spells ${JSON.stringify(text)}, which this tokenizer cannot: ${messageOf(cause)}`,
      { cause },
    );
  }
  return cutAtSpecial(text, tokenizer.special, 'all');
};

/** The text before an answer as the model is asked for it; throws 'bad-input' when the same turn is begun otherwise where it is learnt. */
const askedWith = (roles: readonly Role[], before: readonly Part[], { renderer, tokenizer }: Planner): string => {
  const asked = textOf(afterLast(partsOf(renderer, roles, true)));
  const learnt = textOf(before);
  const rest = learnt.slice(asked.length);
  const { name } = renderer.format;
  if (!learnt.startsWith(asked))
    throw new IngotError(
      'bad-input',
      `The chat format '${name}' asks for an answer with ${JSON.stringify(asked)}, but spells it after ${JSON.stringify(learnt)}: the model would be asked otherwise than it was taught. Make the template's add_generation_prompt print what stands before an answer.`,
    );
  const control = [...tokenizer.special.keys()].find((token) => rest.includes(token));
  if (control !== undefined)
    throw new IngotError(
      'bad-input',
      `The chat format '${name}' leaves ${JSON.stringify(rest)} to the model when it asks for an answer: the control token '${control}' would be part of every answer. Let the template print it under {% if add_generation_prompt %}.`,
    );
  return asked;
};

/** Throws 'bad-input' for roles that the template refuses, and for a template in which answers have no beginning or end that can be taught. */
export const planOf = (roles: readonly Role[], generate: boolean, planner: Planner): Plan => {
  const { renderer, endOfTurn } = planner;
  const parts = partsOf(renderer, roles, generate);
  const ownerOfBlock = new Map<number, number>();
  for (const part of parts)
    if ('message' in part && part.block !== undefined && !ownerOfBlock.has(part.block))
      ownerOfBlock.set(part.block, part.message);

  const segments: ({ readonly id: number; readonly owner: number | undefined } | { readonly run: Plain[] })[] = [];
  let [answerAt, answerEnd] = [0, 0];
  /** The template's own blocks decide where it has them, else what the turn is made of. */
  const owner = (block: number | undefined, turn: number | undefined): number | undefined => {
    if (!renderer.marked) return turn;
    if (block !== undefined) return ownerOfBlock.get(block);
    return turn !== undefined && roles[turn] !== 'assistant' ? turn : undefined;
  };
  const add = (
    part: ReturnType<typeof cutAtControl>[number] | { readonly message: number },
    own: number | undefined,
  ) => {
    const last = segments.at(-1);
    if ('id' in part) segments.push({ id: part.id, owner: own });
    else if (last && 'run' in last && segments.length > answerAt) last.run.push({ ...part, owner: own });
    else segments.push({ run: [{ ...part, owner: own }] });
  };
  const addText = (texts: readonly Part[], turn: number | undefined): void => {
    for (const part of texts)
      if ('text' in part) for (const piece of cutAtControl(part.text, planner)) add(piece, owner(part.block, turn));
  };
  /** The end of turn `turn`, and what follows it up to the next turn. */
  const addEnd = (texts: readonly Part[], turn: number): void => {
    const pieces = texts.flatMap((part) =>
      'text' in part ? cutAtControl(part.text, planner).map((piece) => ({ piece, block: part.block })) : [],
    );
    const end = pieces.findIndex(({ piece }) => 'id' in piece && piece.id === endOfTurn);
    pieces.forEach(({ piece, block }, at) => {
      add(piece, owner(block, at <= end ? turn : undefined));
      if (at === end) answerEnd = segments.length;
    });
    if (end === -1 && roles[turn] === 'assistant')
      throw new IngotError(
        'bad-input',
        `The chat format '${renderer.format.name}' spells ${JSON.stringify(textOf(texts))} after an answer, without its end of turn '${renderer.format.endOfTurn}': the model would never learn to stop. Set endOfTurn to the control token with which the template ends an answer.`,
      );
  };

  let before: Part[] = [];
  let last: number | undefined;
  const close = (opens: number | undefined): void => {
    const answers = opens !== undefined && roles[opens] === 'assistant';
    const asked =
      answers && opens > 0 ? askedWith(roles.slice(0, opens), before, planner).length : textOf(before).length;
    const [given, begun] = cutText(before, asked);
    if (last === undefined) addText(given, undefined);
    else addEnd(given, last);
    if (answers) answerAt = segments.length;
    addText(begun, opens);
    before = [];
  };
  for (const part of parts) {
    if ('text' in part) {
      before.push(part);
      continue;
    }
    close(part.message);
    add({ message: part.message }, owner(part.block, part.message));
    last = part.message;
  }
  close(undefined);
  return { parts, segments, answerAt, answerEnd };
};
