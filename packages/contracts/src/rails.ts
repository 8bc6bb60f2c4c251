// Rails: what looks at texts on their way into a model and out of it, and what it says of them.
import { definePart } from '@ingot/core';

/** What is to be done with a place of a text, from the mildest to the strictest: 'escalate' refuses and calls a person. */
export const DECISIONS = ['allow', 'redact', 'refuse', 'escalate'] as const;
export type Decision = (typeof DECISIONS)[number];

/** What a rail says of one place of a text. */
export interface Verdict {
  readonly decision: Decision;
  /** 'e-mail', 'insult', …: policies have a refusal text for some. */
  readonly category: string;
  /** How sure, from 0 to 1; 1 for a rule. */
  readonly score: number;
  /** [start, end) in UTF-16 code units of the text. */
  readonly span: readonly [number, number];
}

export type RailSide = 'input' | 'output';
/** A text, whole or as far as it has come. */
export interface RailText {
  readonly text: string;
  /** Everything before is settled; it may be read as context. */
  readonly from: number;
  /** Nothing follows. */
  readonly final: boolean;
  readonly side: RailSide;
}
/** What is certain so far. */
export interface Inspection {
  /** Verdicts that begin in [from, settled): they hold however the text goes on. */
  readonly verdicts: readonly Verdict[];
  /** No other verdict can begin before this place, whatever comes; it never goes back. `text.length` when the text is final. */
  readonly settled: number;
}
/**
 * A rail at work. `inspect` has no memory: asked again from `settled` with a longer text it goes on where it was, and however a text was cut,
 * the verdicts together are those of the whole. That law is what lets a stream be shown while it is made.
 */
export interface RailValue {
  readonly name: string;
  /** Where it looks. */
  readonly sides: readonly RailSide[];
  inspect(given: RailText): Inspection | Promise<Inspection>;
}
export const Rail = definePart<RailValue>()('rail');
