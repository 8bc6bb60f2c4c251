// One sequence at work: its ids, what it still has to feed, its slot in the cache, its text, and how it ends.
import type { SampleRow } from '@ingot/contracts';
import type { ReadAtEnd } from './drawn-hidden.js';
import type { Request } from './options.js';
import { textStream, type TextStream } from './text-stream.js';

export type Ending = SampleRow['ended'];

/** One generated token. The texts of a sequence's tokens, joined, are its text. */
export interface TokenEvent {
  readonly type: 'token';
  /** Index of its prompt. */
  readonly prompt: number;
  readonly token: number;
  /** Place in the sequence, the prompt's tokens counted. */
  readonly position: number;
  /** Natural logarithm of the model's own probability, before samplers; undefined when not asked for, or at the end alone. */
  readonly logProbability: number | undefined;
  /** What may be shown now: whole characters, nothing that may still become a stop string. */
  readonly text: string;
}

/** A finished sequence. */
export interface Generated {
  readonly prompt: number;
  /** Generated ids, the end-of-text token included. */
  readonly ids: readonly number[];
  /** Text before a stop string or the end-of-text token; empty without `bytes`. */
  readonly text: string;
  /** One for each id; empty when not asked for. */
  readonly logProbabilities: readonly number[];
  /** Of the linear layer `value`, one for each id; empty when not asked for. */
  readonly values: readonly number[];
  readonly ended: Ending;
}
export interface EndEvent extends Generated {
  readonly type: 'end';
}
export type GenerationEvent = TokenEvent | EndEvent;

/** Mutable state of one sequence; `generate` moves it. */
export class Sequence {
  readonly prompt: number;
  readonly number: number;
  readonly slot: number;
  /** Prompt and generated ids. */
  readonly ids: number[];
  readonly promptLength: number;
  /** Ids to feed before the next draw. */
  pending: readonly number[];
  /** Positions in the cache. */
  held = 0;
  /** Positions of the prompt before its last one: what is read before the first draw. */
  readonly before: number;
  /** Whether its past is no longer that of its prompt. */
  slid = false;
  readonly #logProbabilities: number[] = [];
  readonly #stream: TextStream;
  #text = '';

  constructor(request: Request, prompt: number, slot: number, context: number) {
    const ids = request.prompts[prompt] ?? [];
    this.prompt = prompt;
    this.number = request.sequences[prompt] ?? prompt;
    this.slot = slot;
    this.ids = [...ids];
    this.promptLength = ids.length;
    this.pending = ids.slice(-context);
    this.before = this.pending.length - 1;
    this.#stream = textStream(request.bytes, request.stop);
  }

  /** Generated ids. */
  get drawn(): readonly number[] {
    return this.ids.slice(this.promptLength);
  }

  /** Takes the drawn token; gives its event, and how the sequence ended if it did. */
  take(
    token: number,
    logProbability: number | undefined,
    request: Request,
    context: number,
  ): { readonly event: TokenEvent; readonly ended: Ending | undefined } {
    const position = this.ids.length;
    this.ids.push(token);
    if (logProbability !== undefined) this.#logProbabilities.push(logProbability);
    let ended: Ending | undefined = token === request.endOfText ? 'end-of-text' : undefined;
    let text = '';
    if (!ended) {
      const shown = this.#stream.push(token);
      text = shown.text;
      if (shown.stopped) ended = 'stop';
    }
    if (!ended && this.ids.length - this.promptLength >= request.tokens) ended = 'length';
    if (!ended && this.held >= context && request.atContextEnd === 'stop') ended = 'context';
    if (ended && ended !== 'stop') {
      const rest = this.#stream.end();
      text += rest.text;
      if (rest.stopped) ended = 'stop';
    }
    this.#text += text;
    return { event: { type: 'token', prompt: this.prompt, token, position, logProbability, text }, ended };
  }

  /** The finished sequence, with what was read of it at its end. */
  finish(ended: Ending, { logProbabilities, values }: ReadAtEnd): EndEvent {
    return {
      type: 'end',
      prompt: this.prompt,
      ids: this.drawn,
      text: this.#text,
      logProbabilities: logProbabilities ? Array.from(logProbabilities) : this.#logProbabilities,
      values: values ? Array.from(values) : [],
      ended,
    };
  }
}
