// Exact parameter counts in closed form.
// GPT-2 (Radford et al. 2019): V·C + T·C + L·(12C² + 13C) + 2C, tied, with biases and an MLP of 4C.
// LLaMA (Touvron et al. 2023, arXiv:2302.13971): per layer 2·C·h·dh + 2·C·kv·dh + 3·C·F + 2C, plus V·C once or twice and C.
import { checkSizes } from './check.js';

/** How many parameters, by what they are for. */
export interface ParameterCount {
  readonly total: number;
  /** Blocks and the last norm: the N of scaling laws, as Kaplan et al. count. */
  readonly body: number;
  /** Token table, position table and an untied head. */
  readonly tables: number;
  /** What one token passes through: less than the total with experts. */
  readonly active: number;
}
export interface GptShape {
  readonly layers: number;
  readonly width: number;
  readonly vocab: number;
  /** Rows of the position table. */
  readonly context: number;
  /** Of the MLP; 4·width unless said. */
  readonly hidden?: number;
  /** The head shares the token table; true unless said. */
  readonly tied?: boolean;
  /** Biases in linear layers and norms; true unless said. */
  readonly bias?: boolean;
}

/** The count of a GPT-2 shape. Throws `bad-options` for sizes that are no whole numbers above 0. */
export function gptParameters(shape: GptShape): ParameterCount {
  const { layers: L, width: C, vocab: V, context: T, hidden: F = 4 * shape.width, tied = true, bias = true } = shape;
  checkSizes({ layers: L, width: C, vocab: V, context: T, hidden: F });
  const block = 4 * C * C + 2 * C * F + 2 * C + (bias ? 4 * C + F + C + 2 * C : 0);
  const body = L * block + C + (bias ? C : 0);
  const tables = V * C + T * C + (tied ? 0 : V * C);
  return { total: body + tables, body, tables, active: body + tables };
}

export interface LlamaShape {
  readonly layers: number;
  readonly width: number;
  readonly vocab: number;
  readonly heads: number;
  /** Heads of keys and values; as many as heads unless said (Ainslie et al. 2023, arXiv:2305.13245). */
  readonly kvHeads?: number;
  /** width / heads unless said. */
  readonly headWidth?: number;
  /** Of the gated MLP. */
  readonly hidden: number;
  /** The head shares the token table; false unless said. */
  readonly tied?: boolean;
  /** Biases of query, key and value (Qwen 2); false unless said. */
  readonly qkvBias?: boolean;
  /** Norms of queries and keys, a weight for each feature of a head (Qwen 3, Gemma 3); false unless said. */
  readonly qkNorm?: boolean;
  /** Norms of width `width` a layer: 2, or 4 in Gemma 2 and 3. */
  readonly norms?: number;
  /** Experts of each MLP (Mixtral: 8), with a router; 1 is a plain MLP. */
  readonly experts?: number;
  /** Experts that a token passes through. */
  readonly activeExperts?: number;
}

/** The count of a LLaMA-like shape: gated MLP, RMSNorm, no biases unless said. Throws `bad-options` for sizes that are no whole numbers above 0. */
export function llamaParameters(shape: LlamaShape): ParameterCount {
  const { layers: L, width: C, vocab: V, heads, kvHeads = heads, headWidth = C / heads, hidden: F } = shape;
  const { tied = false, qkvBias = false, qkNorm = false, norms = 2, experts = 1, activeExperts = experts } = shape;
  checkSizes({ layers: L, width: C, vocab: V, heads, kvHeads, headWidth, hidden: F, norms, experts, activeExperts });
  const attention =
    2 * C * heads * headWidth +
    2 * C * kvHeads * headWidth +
    (qkvBias ? (heads + 2 * kvHeads) * headWidth : 0) +
    (qkNorm ? 2 * headWidth : 0);
  const router = experts > 1 ? C * experts : 0;
  const bodyOf = (used: number): number => L * (attention + router + used * 3 * C * F + norms * C) + C;
  const tables = V * C * (tied ? 1 : 2);
  const body = bodyOf(experts);
  return { total: body + tables, body, tables, active: bodyOf(activeExperts) + tables };
}
