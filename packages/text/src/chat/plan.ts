// A conversation's tokens as far as its roles decide them: the template's, cut where an answer begins and ends, and the places of contents.
import { IngotError } from '@ingot/core';
import type { Message } from '@ingot/contracts';
import type { Tokenizer } from '../tokenizer.js';
import { partsOf, type ChatRenderer, type Part } from './render.js';

type Role = Message['role'];
/** Tokens of the template, or the place of a content. `owner`: the message whose weight they learn with; none for what is never learnt. */
export type Segment = ({ readonly ids: Int32Array } | { readonly message: number }) & {
  readonly owner: number | undefined;
};
export interface Plan {
  readonly parts: readonly Part[];
  readonly segments: readonly Segment[];
  /** The segment with which the last turn begins when it is an answer: all before it is what a prompt gives. */
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

const encodeTemplate = (text: string, { tokenizer, renderer }: Planner): Int32Array => {
  try {
    return tokenizer.encode(text, { allowedSpecial: 'all' });
  } catch (cause) {
    throw new IngotError(
      'bad-input',
      `The chat format '${renderer.format.name}' spells '${text}', which this tokenizer cannot: ${(cause as Error).message}`,
      { cause },
    );
  }
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

  const segments: Segment[] = [];
  let [answerAt, answerEnd] = [0, 0];
  /** The template's own blocks decide where it has them, else what the turn is made of. */
  const owner = (block: number | undefined, turn: number | undefined): number | undefined => {
    if (!renderer.marked) return turn;
    if (block !== undefined) return ownerOfBlock.get(block);
    return turn !== undefined && roles[turn] !== 'assistant' ? turn : undefined;
  };
  const addText = (texts: readonly Part[], turn: number | undefined): void => {
    for (const part of texts)
      if ('text' in part) segments.push({ ids: encodeTemplate(part.text, planner), owner: owner(part.block, turn) });
  };
  /** The end of turn `turn`, and what follows it up to the next turn. */
  const addEnd = (texts: readonly Part[], turn: number): void => {
    let ended = false;
    const pending: Segment[] = [];
    for (const part of texts) {
      if (!('text' in part)) continue;
      const ids = encodeTemplate(part.text, planner);
      const end = ended ? -1 : ids.indexOf(endOfTurn);
      if (ended) segments.push({ ids, owner: owner(part.block, undefined) });
      else if (end === -1) pending.push({ ids, owner: owner(part.block, turn) });
      else {
        ended = true;
        segments.push(...pending, { ids: ids.slice(0, end + 1), owner: owner(part.block, turn) });
        answerEnd = segments.length;
        if (end + 1 < ids.length) segments.push({ ids: ids.slice(end + 1), owner: owner(part.block, undefined) });
      }
    }
    if (ended) return;
    if (roles[turn] === 'assistant')
      throw new IngotError(
        'bad-input',
        `The chat format '${renderer.format.name}' spells ${JSON.stringify(textOf(texts))} after an answer, without its end of turn '${renderer.format.endOfTurn}': the model would never learn to stop. Set endOfTurn to the control token with which the template ends an answer.`,
      );
    segments.push(...pending.map((segment) => ({ ...segment, owner: undefined })));
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
    segments.push({ message: part.message, owner: owner(part.block, part.message) });
    last = part.message;
  }
  close(undefined);
  return { parts, segments, answerAt, answerEnd };
};
