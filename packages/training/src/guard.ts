// Stops a run that has gone wrong, with the reason: a loss that is no number, or one that stays far above its running mean.

/** What the guard knows; plain JSON, kept in checkpoints. */
export interface GuardState {
  /** Running mean of the loss, of healthy steps only. */
  readonly mean: number;
  /** Healthy steps seen. */
  readonly seen: number;
  /** Steps in a row above the limit. */
  readonly over: number;
}
/** A guard that has seen nothing. */
export const freshGuard: GuardState = { mean: 0, seen: 0, over: 0 };

/** When a loss is a spike. */
export interface SpikeRule {
  /** Times the running mean. */
  readonly factor: number;
  /** Steps in a row. */
  readonly patience: number;
}
/** Weight of one step in the running mean, and the steps before which nothing is judged. */
const smoothing = 0.02;
const settling = 20;
/** A loss near zero doubles from noise alone: a spike is also this many nats above the mean. */
const margin = 0.5;

/** Takes in one step's loss: the next state and, when the run should stop, why. */
export function judgeLoss(
  state: GuardState,
  loss: number,
  rule: SpikeRule,
): { readonly state: GuardState; readonly stop?: string } {
  if (!Number.isFinite(loss)) return { state, stop: `the loss is ${loss}` };
  const high = state.seen >= settling && loss > Math.max(rule.factor * state.mean, state.mean + margin);
  if (high) {
    const over = state.over + 1;
    const next = { ...state, over };
    return over < rule.patience
      ? { state: next }
      : {
          state: next,
          stop: `the loss was over ${rule.factor} times its running mean ${state.mean.toFixed(3)} for ${over} steps, at last ${loss.toFixed(3)}`,
        };
  }
  const weight = Math.max(smoothing, 1 / (state.seen + 1));
  return { state: { mean: state.mean + weight * (loss - state.mean), seen: state.seen + 1, over: 0 } };
}
