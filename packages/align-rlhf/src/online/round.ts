// A round: the answers of one rollout with everything that its updates read; plain JSON, so that a killed run goes on in the middle of it.
import type { Json } from '@ingot/core';
import type { Rollout } from '../rollouts.js';

/** Answers and their numbers; lists of tokens are flat, answer after answer. */
export interface Round {
  /** The first step that learns from it. */
  readonly step: number;
  readonly rollouts: readonly Rollout[];
  /** log π when they were drawn, (N). */
  readonly old: Float32Array;
  /** (N), where a reference is held. */
  readonly reference?: Float32Array;
  /** One an answer or one a token. */
  readonly advantages: Float64Array;
  /** The critic's, (N), and what it is fitted to. */
  readonly values?: Float32Array;
  readonly returns?: Float64Array;
  /** The probability that the first answer of each pair is better, for methods that learn from pairs. */
  readonly better?: Float64Array;
  /** Told with each of its steps. */
  readonly numbers: Readonly<Record<string, number>>;
}
/** What a run remembers from step to step. */
export interface Memory {
  readonly round?: Round;
  /** β as the controller has it now. */
  readonly beta: number;
  /** Of the first round: what later ones are compared with. */
  readonly start?: { readonly entropy: number; readonly length: number };
  /** The gold reward where it was best, and the proxy there; the deviation of the gold at the start. */
  readonly best?: { readonly gold: number; readonly proxy: number; readonly spread: number };
  /** A running mean of rewards. */
  readonly baseline?: number;
}

const plain = (numbers: ArrayLike<number>): number[] => Array.from(numbers);
/** As JSON; floats come back as they are. */
export function writeMemory({ round, ...rest }: Memory): Json {
  if (!round) return { ...rest };
  const { rollouts, old, reference, advantages, values, returns, better, ...numbers } = round;
  return {
    ...rest,
    round: {
      ...numbers,
      rollouts: rollouts.map(({ ids, row, from, text, ended }) => ({ row, from, text, ended, ids: plain(ids) })),
      old: plain(old),
      advantages: plain(advantages),
      ...(reference && { reference: plain(reference) }),
      ...(values && { values: plain(values) }),
      ...(returns && { returns: plain(returns) }),
      ...(better && { better: plain(better) }),
    },
  };
}

type Written = Omit<Memory, 'round'> & {
  readonly round?: Omit<Round, 'rollouts'> & {
    readonly rollouts: readonly (Omit<Rollout, 'ids' | 'logProbabilities'> & { readonly ids: number[] })[];
  };
};
const f32 = (list: ArrayLike<number> | undefined) => list && Float32Array.from(list);
const f64 = (list: ArrayLike<number> | undefined) => list && Float64Array.from(list);
/** From JSON that `writeMemory` made; `fresh` where there is none. */
export function readMemory(memory: Json, fresh: Memory): Memory {
  if (memory === null || typeof memory !== 'object') return fresh;
  const { round, ...rest } = memory as unknown as Written;
  if (!round) return rest;
  let at = 0;
  const old = Float32Array.from(round.old);
  const rollouts = round.rollouts.map((one) => ({
    ...one,
    ids: Int32Array.from(one.ids),
    logProbabilities: old.slice(at, (at += one.ids.length - one.from)),
  }));
  const [reference, values, returns, better] = [
    f32(round.reference),
    f32(round.values),
    f64(round.returns),
    f64(round.better),
  ];
  return {
    ...rest,
    round: {
      step: round.step,
      numbers: round.numbers,
      rollouts,
      old,
      advantages: Float64Array.from(round.advantages),
      ...(reference && { reference }),
      ...(values && { values }),
      ...(returns && { returns }),
      ...(better && { better }),
    },
  };
}
