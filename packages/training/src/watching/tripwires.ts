// Tripwires: a watched number that leaves its range warns or stops the run, names the cause and says what to try.

/** When a number says that something goes wrong. */
export interface Tripwire {
  /** For options and messages: 'likelihood-displacement'. */
  readonly name: string;
  /** The metric that it watches; steps without it do not count. */
  readonly value: string;
  readonly above?: number;
  readonly below?: number;
  /** So many readings in a row outside of the range. */
  readonly patience: number;
  readonly action: 'warn' | 'stop';
  /** What it means, as a sentence without its end. */
  readonly cause: string;
  /** What to try, best first. */
  readonly remedies: readonly string[];
}
/** Readings in a row, and whether it has spoken since it was last inside; plain JSON, kept in checkpoints. */
export type TripwireState = Readonly<Record<string, { readonly over: number; readonly tripped: boolean }>>;
/** None has seen anything. */
export const freshTripwires: TripwireState = {};

const number = (value: number): string => Number(value.toPrecision(4)).toString();
const sentence = (wire: Tripwire, value: number, step: number): string => {
  const limit =
    wire.above !== undefined && value > wire.above ? `above ${number(wire.above)}` : `below ${number(wire.below ?? 0)}`;
  const readings = wire.patience === 1 ? '' : ` for ${wire.patience} readings in a row`;
  return `Tripwire '${wire.name}' at step ${step}: ${wire.value} is ${number(value)}, ${limit}${readings}. ${wire.cause}. Try: ${wire.remedies.join('; ')}.`;
};

/** Takes in the numbers of one step: the next state, what to warn of, and why to stop where a wire says so. A wire speaks once until its number comes back. */
export function judgeTripwires(
  wires: readonly Tripwire[],
  state: TripwireState,
  values: Readonly<Record<string, number>>,
  step: number,
): { readonly state: TripwireState; readonly warnings: readonly string[]; readonly stop?: string } {
  const next: Record<string, { over: number; tripped: boolean }> = { ...state };
  const warnings: string[] = [];
  let stop: string | undefined;
  for (const wire of wires) {
    const value = values[wire.value];
    if (value === undefined) continue;
    const outside =
      Number.isNaN(value) ||
      (wire.above !== undefined && value > wire.above) ||
      (wire.below !== undefined && value < wire.below);
    const before = state[wire.name] ?? { over: 0, tripped: false };
    const over = outside ? before.over + 1 : 0;
    const trips = over >= wire.patience;
    if (trips && !before.tripped) {
      const said = sentence(wire, value, step);
      if (wire.action === 'stop') stop ??= said;
      else warnings.push(said);
    }
    next[wire.name] = { over, tripped: trips };
  }
  return { state: next, warnings, ...(stop === undefined ? {} : { stop }) };
}
