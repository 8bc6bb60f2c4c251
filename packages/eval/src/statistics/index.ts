// Intervals, tests and rates as pure functions.
export { bootstrapInterval, type BootstrapOptions } from './bootstrap.js';
export { holm } from './holm.js';
export { lengthControlledWinRate, type LengthControlled } from './length-controlled.js';
export { mcnemar, signTest } from './mcnemar.js';
export { type Agreement, pairedSharesInterval } from './paired-shares.js';
export { pairedT, type PairedT } from './paired-t.js';
export { permutationTest, type PermutationOptions } from './permutation.js';
export type { Interval } from './refuse.js';
export { wilsonInterval } from './wilson.js';
export { winRate, type WinRate } from './win-rate.js';
