// Floating-point operations of a token and of a training, a multiplication and an addition counted as two.
import { checkPositive } from './check.js';

export interface FlopShape {
  /** N: parameters that a token is multiplied with (all but position tables; nanoGPT counts so). */
  readonly parameters: number;
  readonly layers: number;
  /** C: width of the attention, heads · head width. */
  readonly width: number;
  /** T: length of the sequence. */
  readonly length: number;
}
/** FLOPs of one token, by the forms in use. */
export interface TokenFlops {
  /** Forward: 2N + 4·L·C·T. Attention over all T positions, scores and mix. */
  readonly forward: number;
  /** Forward and backward: 6N + 12·L·C·T (PaLM, Chowdhery et al. 2022, arXiv:2204.02311, appendix B; nanoGPT). */
  readonly training: number;
  /** The same with a causal mask used: half of the attention, 6N + 6·L·C·T (FlashAttention-2, Dao 2023, arXiv:2307.08691, section 4.1). */
  readonly trainingCausal: number;
  /** The forward pass done twice, as with recomputed activations: 8N + 16·L·C·T. */
  readonly trainingRecomputed: number;
  /** Kaplan et al. 2020, arXiv:2001.08361, equation 2.2: forward 2N + 2·L·T·C, times three. */
  readonly kaplan: number;
  /** 6N: what C = 6ND counts. */
  readonly simple: number;
}

/** FLOPs of one token. Throws `bad-options` for quantities that are not above 0. */
export function tokenFlops({ parameters: N, layers: L, width: C, length: T }: FlopShape): TokenFlops {
  checkPositive({ parameters: N, layers: L, width: C, length: T });
  const attention = L * C * T;
  return {
    forward: 2 * N + 4 * attention,
    training: 6 * N + 12 * attention,
    trainingCausal: 6 * N + 6 * attention,
    trainingRecomputed: 8 * N + 16 * attention,
    kaplan: 6 * N + 6 * attention,
    simple: 6 * N,
  };
}

/** C = 6·N·D: compute of training N parameters on D tokens (Kaplan et al. 2020, section 2.1; Hoffmann et al. 2022). */
export function trainingCompute(parameters: number, tokens: number): number {
  checkPositive({ parameters, tokens });
  return 6 * parameters * tokens;
}
