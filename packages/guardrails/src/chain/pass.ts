// A whole text through rails at once: what a stream of it shows in the end.
import type { Decision, RailSide, RailValue, Verdict } from '@ingot/contracts';
import { strictest } from './clusters.js';
import { RailStream, type RailVerdict, type Wording } from './rail-stream.js';

export interface Passed {
  /** What may be shown, or read by the model. */
  readonly text: string;
  /** The strictest of the verdicts. */
  readonly decision: Decision;
  readonly verdicts: readonly RailVerdict[];
  /** The verdict that refused or escalated the text, if one did. */
  readonly stopped: Verdict | undefined;
}

/** The text after the rails of this side. Throws what `RailStream` throws. */
export const passRails = async (
  rails: readonly RailValue[],
  text: string,
  side: RailSide,
  wording?: Wording,
): Promise<Passed> => {
  const stream = new RailStream(rails, side, wording);
  const shown = await stream.end(text);
  return {
    text: shown,
    decision: strictest(stream.verdicts),
    verdicts: stream.verdicts,
    stopped: stream.stopped,
  };
};
