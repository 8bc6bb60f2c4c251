// A tripwire's warning taken apart again, so that views can set it off from other warnings: `judgeTripwires` of @ingot/training writes it.

/** What a tripwire said. */
export interface Tripped {
  readonly name: string;
  readonly step: number;
  /** The metric that left its range. */
  readonly metric: string;
  /** 'displacement is -0.6, below -0.5' */
  readonly found: string;
  readonly cause: string;
  readonly remedies: readonly string[];
  /** What follows, where it ended the run. */
  readonly ends: boolean;
}

const FORM =
  /^Tripwire '(?<name>[^']+)' at step (?<step>\d+): (?<found>(?<metric>\S+) is [^]*?)\. (?<cause>[^]*?)\. Try: (?<remedies>[^]*?)\.(?<end> The run ends here[^]*)?$/;

/** Remedies are joined by '; ', which may also stand inside of brackets. */
const remediesOf = (text: string): string[] => text.split(/; (?![^(]*\))/);

/** A warning as a tripwire's; undefined for any other. */
export const tripwireOf = (text: string): Tripped | undefined => {
  const groups = FORM.exec(text)?.groups;
  if (!groups) return undefined;
  const { name = '', step, found = '', metric = '', cause = '', remedies = '', end } = groups;
  return { name, step: Number(step), metric, found, cause, remedies: remediesOf(remedies), ends: end !== undefined };
};
