// A text that passes through rails while it is made: nothing is shown that would have to be taken back.
import type { Inspection, RailSide, RailText, RailValue, Verdict } from '@ingot/contracts';
import { IngotError } from '@ingot/core';
import { type Place, places } from './clusters.js';

/** A verdict with the rail that gave it. */
export interface RailVerdict extends Verdict {
  readonly rail: string;
}
/** What is shown in place of what is not. */
export interface Wording {
  /** In place of a redacted span. */
  redacted(verdict: Verdict): string;
  /** Behind a text that ends here. */
  refused(verdict: Verdict): string;
}
export const plainWording: Wording = {
  redacted: ({ category }) => `[${category}]`,
  refused: ({ category }) => `I cannot go on here (${category}).`,
};

const check = (rail: string, { from, text }: RailText, { settled, verdicts }: Inspection): void => {
  const wrong = verdicts.find(({ span: [start, end] }) => start < from || end > text.length || start >= end);
  if (settled < from || settled > text.length || wrong)
    throw new IngotError(
      'bad-value',
      `The rail '${rail}' was asked from ${from} of ${text.length} and answered settled ${settled}${wrong ? ` with a span [${wrong.span.join(', ')})` : ''}. Wanted spans inside [from, length) and from <= settled <= length.`,
    );
};
/** A text never ends between the halves of a surrogate pair. */
const wholeCharacters = (text: string): string => (/[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text);

/**
 * Rails over one text. `push` and `end` give what may be shown now; all that was shown is the same, byte for byte, however the text was cut.
 * A refusal or an escalation ends the text before its place: from then on nothing is taken and nothing shown.
 */
export class RailStream {
  readonly #rails: readonly { readonly rail: RailValue; from: number }[];
  readonly #side: RailSide;
  readonly #wording: Wording;
  readonly #verdicts: RailVerdict[] = [];
  #text = '';
  /** Code units of the text that are behind us. */
  #passed = 0;
  #shown = false;
  #stopped: Verdict | undefined;
  #ended = false;

  constructor(rails: readonly RailValue[], side: RailSide, wording: Wording = plainWording) {
    this.#rails = rails.filter(({ sides }) => sides.includes(side)).map((rail) => ({ rail, from: 0 }));
    this.#side = side;
    this.#wording = wording;
  }

  /** Verdicts on what was passed so far, in the order of the text; of a text that was stopped up to the place that stopped it. */
  get verdicts(): readonly RailVerdict[] {
    const reach = this.#stopped ? this.#stopped.span[1] : this.#passed;
    return this.#verdicts
      .filter(({ span }) => span[0] < reach)
      .toSorted((a, b) => a.span[0] - b.span[0] || a.span[1] - b.span[1] || (a.rail < b.rail ? -1 : 1));
  }
  /** What ended the text, if something did. */
  get stopped(): Verdict | undefined {
    return this.#stopped;
  }

  /** Takes a piece; gives what may be shown now. Throws `bad-value` for a rail that breaks its law. */
  async push(piece: string): Promise<string> {
    if (this.#stopped || this.#ended) return '';
    this.#text += piece;
    return this.#look(false);
  }
  /** Nothing follows but `piece`: gives the rest. */
  async end(piece = ''): Promise<string> {
    if (this.#stopped || this.#ended) return '';
    this.#ended = true;
    this.#text += piece;
    return this.#look(true);
  }

  async #look(final: boolean): Promise<string> {
    const text = final ? this.#text : wholeCharacters(this.#text);
    for (const one of this.#rails) {
      if (one.from >= text.length) continue;
      const given: RailText = { text, from: one.from, final, side: this.#side };
      const said = await one.rail.inspect(given);
      check(one.rail.name, given, said);
      one.from = said.settled;
      this.#verdicts.push(...said.verdicts.map((verdict) => ({ ...verdict, rail: one.rail.name })));
    }
    return this.#show(text, Math.min(text.length, ...this.#rails.map(({ from }) => from)));
  }

  /** Shows up to `settled`, but no part of a place that reaches beyond it. */
  #show(text: string, settled: number): string {
    let said = '';
    const say = (more: string) => {
      if (more) this.#shown = true;
      said += more;
    };
    for (const place of places(this.#verdicts)) {
      if (place.end <= this.#passed) continue;
      if (place.start >= settled) break;
      say(text.slice(this.#passed, place.start));
      this.#passed = place.start;
      if (place.end > settled) return said;
      say(this.#replace(place));
      this.#passed = place.end;
      if (this.#stopped) return said;
    }
    say(text.slice(this.#passed, settled));
    this.#passed = settled;
    return said;
  }

  #replace({ leads }: Place): string {
    if (leads.decision === 'redact') return this.#wording.redacted(leads);
    this.#stopped = leads;
    return `${this.#shown ? '\n\n' : ''}${this.#wording.refused(leads)}`;
  }
}
