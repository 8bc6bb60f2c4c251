// Options of the surrogates, with TRL 1.16's defaults.

/** Numbers of VESPO's weight for one sign of the advantage. */
interface Gamma {
  readonly k: number;
  readonly lambda: number;
}
export interface SurrogateOptions {
  /** The ratio may fall to 1 − epsilon before its gradient stops. */
  readonly epsilon: number;
  /** … and rise to 1 + epsilonHigh; `epsilon` unless said (DAPO's clip-higher: 0.28). */
  readonly epsilonHigh?: number | undefined;
  /** A bound on the unclipped ratio, for answers that became likelier and were bad. */
  readonly ratioCap?: number | undefined;
  /** CISPO: the largest ratio that counts. */
  readonly ratioLimit: number;
  /** SAPO: sharpness of the gate for good answers, and for bad ones. */
  readonly temperaturePositive: number;
  readonly temperatureNegative: number;
  readonly vespoPositive: Gamma;
  readonly vespoNegative: Gamma;
}
export const surrogateDefaults: SurrogateOptions = {
  epsilon: 0.2,
  ratioLimit: 5,
  temperaturePositive: 1,
  temperatureNegative: 1.05,
  vespoPositive: { k: 2, lambda: 3 },
  vespoNegative: { k: 3, lambda: 2 },
};
