// The loss of a pair of scores: −log σ(r_w − r_l − margin) (Bradley and Terry 1952; Ouyang et al. 2022, equation 1; margins: Touvron et al. 2023, equation 2),
// with a pull to the centre c·(r_w + r_l)² (Eisenstein et al. 2023, equation 3), since pairs alone leave the scores' mean free.
import { add, affine, logSigmoid, neg, square, sub, tensor, type Tensor } from '@ingot/tensor';

/** What a pair's loss may have besides its scores. */
export interface PairLossOptions {
  /** How much better each winner was said to be, one number a pair; 0 unless given. */
  readonly margins?: ArrayLike<number>;
  /** c of the pull to the centre; 0 for none. */
  readonly centring?: number;
}

/** Losses of B pairs in nats: scores of the winners (B) and of the losers (B) -> (B). */
export function bradleyTerry(winners: Tensor, losers: Tensor, { margins, centring = 0 }: PairLossOptions = {}): Tensor {
  const difference = sub(winners, losers);
  const beyond =
    margins === undefined ? difference : sub(difference, tensor(winners.device, Array.from(margins), winners.shape));
  const loss = neg(logSigmoid(beyond));
  return centring === 0 ? loss : add(loss, affine(square(add(winners, losers)), centring, 0));
}
