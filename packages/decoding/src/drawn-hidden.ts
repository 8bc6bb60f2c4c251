// Hidden states of the places where tokens were drawn, kept until their sequence ends: one pass of a head over all of them reads its weights once.
import { noGrad, scope, type Storage, type Tensor, zeros } from '@ingot/tensor';
import type { OpenModel } from './open-model.js';
import { rowLogProbabilities } from './step.js';

/** What is read of a sequence when it ends. */
export interface ReadAtEnd {
  readonly logProbabilities?: Float32Array;
  readonly values?: Float32Array;
}

/** (slots, tokens, C) on the device, made when the first one comes. Dispose of it. */
export class DrawnHidden {
  readonly #model: OpenModel;
  readonly #slots: number;
  readonly #tokens: number;
  #width = 0;
  #rows: Storage | undefined;

  /** At most `tokens` of each slot. */
  constructor(model: OpenModel, slots: number, tokens: number) {
    this.#model = model;
    this.#slots = slots;
    this.#tokens = tokens;
  }
  /** Keeps row `row` of hidden (B, C) as the place before token `token` of a slot's answer. */
  keep(hidden: Tensor, row: number, slot: number, token: number): void {
    const { device } = this.#model;
    this.#width = hidden.shape[1]!;
    this.#rows ??= device.zeros('f32', this.#slots * this.#tokens * this.#width);
    const to = (slot * this.#tokens + token) * this.#width;
    device.copy(hidden.storage, row * this.#width, this.#rows, to, this.#width);
  }
  /** Log-probabilities of the ids drawn in a slot, and the numbers of the linear layer `value`, where they are asked for. */
  read(
    slot: number,
    ids: readonly number[],
    { logProbabilities, value }: { readonly logProbabilities: boolean; readonly value: string | undefined },
  ): ReadAtEnd {
    const { device, weights } = this.#model;
    return noGrad(() =>
      scope(() => {
        const hidden = zeros(device, [ids.length, this.#width]); // (n, C)
        device.copy(this.#rows!, slot * this.#tokens * this.#width, hidden.storage, 0, hidden.size);
        return {
          ...(logProbabilities && { logProbabilities: rowLogProbabilities(this.#model, hidden, ids) }),
          ...(value !== undefined && { values: Float32Array.from(weights.linear(value, hidden).read()) }),
        };
      }),
    );
  }
  dispose(): void {
    if (this.#rows) this.#model.device.free(this.#rows);
    this.#rows = undefined;
  }
}
