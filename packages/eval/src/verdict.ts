// The comparison in words: which baselines the model beats, and plainly which it loses to.

export interface Measured {
  readonly name: string;
  /** Bits per byte: fewer is better. */
  readonly bits: number;
}
export interface Verdict {
  /** One sentence. */
  readonly text: string;
  /** Whether a baseline needs no more bits than the model. */
  readonly loses: boolean;
}

const listed = (baselines: readonly Measured[]): string =>
  baselines.map(({ name, bits }) => `${name} (${bits.toFixed(3)})`).join(' and ');

/** What to say of a model that needs `bits` bits per byte beside its baselines; a tie is no win. */
export const verdict = (bits: number, baselines: readonly Measured[]): Verdict => {
  const beaten = baselines.filter((one) => bits < one.bits);
  const better = baselines.filter((one) => !(bits < one.bits));
  const said = [
    ...(beaten.length ? [`beats ${listed(beaten)}`] : []),
    ...(better.length ? [`loses to ${listed(better)}`] : []),
  ];
  const advice = better.length ? ' Train it longer, or on more text, or make it larger.' : '';
  return {
    text: `The model needs ${bits.toFixed(3)} bits per byte${said.length ? `: it ${said.join(' and ')}` : ''}.${advice}`,
    loses: better.length > 0,
  };
};
