// The frequencies of rotary positions (Su et al. 2021, RoFormer, section 3.2.2): pair i of R dimensions turns by θ^(−2i/R) a position,
// and the ways to stretch them beyond the length that a model was trained at. In double; the numbers are transformers' ROPE_INIT_FUNCTIONS.
import { TensorError } from './errors.js';

/** How frequencies are stretched. `trained` is the length that the model was trained at (original_max_position_embeddings). */
export type RopeScaling =
  /** Position interpolation (Chen et al. 2023): every frequency / factor. */
  | { readonly type: 'linear'; readonly factor: number }
  /** NTK-aware (bloc97 2023): base · factor^(R/(R − 2)), so that the slowest pair turns as with 'linear' and the fastest as before. */
  | { readonly type: 'ntk'; readonly factor: number }
  /** The same with factor · length/trained − (factor − 1) in place of factor, from the length at hand (emozilla 2023); none up to `trained`. */
  | { readonly type: 'dynamic-ntk'; readonly factor: number; readonly trained: number; readonly length: number }
  | YarnScaling
  /** Llama 3.1: wavelengths above trained/low are divided by factor, those below trained/high stay, between them a linear blend. */
  | {
      readonly type: 'llama3';
      readonly factor: number;
      readonly low: number;
      readonly high: number;
      readonly trained: number;
    };

/** YaRN (Peng et al. 2023, section 3.2): pairs that turn fewer than betaSlow times within `trained` are interpolated, those above betaFast stay. */
export interface YarnScaling {
  readonly type: 'yarn';
  readonly factor: number;
  readonly trained: number;
  /** 32 unless said. */
  readonly betaFast?: number;
  /** 1 unless said. */
  readonly betaSlow?: number;
  /** On cosines and sines; 0.1 · ln(factor) + 1 unless said. */
  readonly attentionFactor?: number;
  /** DeepSeek's: the attention factor is that of `mscale` over that of `mscaleAllDim`, 0.1 · m · ln(factor) + 1 each. */
  readonly mscale?: number;
  readonly mscaleAllDim?: number;
  /** Whole numbers for the ends of the ramp; true unless said (gpt-oss leaves them as they are). */
  readonly truncate?: boolean;
}

export interface RopeFrequencyOptions {
  readonly headSize: number;
  /** θ; 10,000 unless said. */
  readonly base?: number;
  /** How many of a head's dimensions, from the first, are rotated; all unless said. */
  readonly rotary?: number;
  readonly scaling?: RopeScaling;
}

export interface RopeFrequencies {
  /** Radians a position, one for each pair. */
  readonly radians: readonly number[];
  /** Factor on all cosines and sines: 1 but for YaRN. */
  readonly factor: number;
}

interface Plain {
  readonly base: number;
  readonly rotary: number;
  readonly radians: readonly number[];
}
const plainRadians = (base: number, rotary: number): number[] =>
  Array.from({ length: rotary / 2 }, (_, i) => base ** ((-2 * i) / rotary));
const even = (radians: readonly number[]): RopeFrequencies => ({ radians, factor: 1 });
const stretched = ({ base, rotary }: Plain, by: number): RopeFrequencies =>
  even(plainRadians(base * by ** (rotary / (rotary - 2)), rotary));

type Rule<Type> = (plain: Plain, scaling: Extract<RopeScaling, { readonly type: Type }>) => RopeFrequencies;
const rules: { readonly [Type in RopeScaling['type']]: Rule<Type> } = {
  linear: ({ radians }, { factor }) => even(radians.map((f) => f / factor)),
  ntk: (plain, { factor }) => stretched(plain, factor),
  'dynamic-ntk': (plain, { factor, trained, length }) =>
    stretched(plain, (factor * Math.max(length, trained)) / trained - (factor - 1)),
  yarn,
  llama3: ({ radians }, { factor, low, high, trained }) =>
    even(
      radians.map((f) => {
        const turns = (trained * f) / (2 * Math.PI);
        const kept = Math.min(1, Math.max(0, (turns - low) / (high - low)));
        return (1 - kept) * (f / factor) + kept * f;
      }),
    ),
};

function yarn(
  { base, rotary, radians }: Plain,
  {
    factor,
    trained,
    betaFast = 32,
    betaSlow = 1,
    attentionFactor,
    mscale = 0,
    mscaleAllDim = 0,
    truncate = true,
  }: YarnScaling,
): RopeFrequencies {
  // The pair that turns this often within `trained` positions: the paper's equation for d, over two.
  const pairOf = (turns: number): number => (rotary * Math.log(trained / (turns * 2 * Math.PI))) / (2 * Math.log(base));
  const ends = truncate
    ? { low: Math.floor(pairOf(betaFast)), high: Math.ceil(pairOf(betaSlow)) }
    : { low: pairOf(betaFast), high: pairOf(betaSlow) };
  const low = Math.max(ends.low, 0);
  const high = Math.min(ends.high, rotary - 1);
  const width = low === high ? 0.001 : high - low;
  const warmth = (m: number): number => (factor <= 1 ? 1 : 0.1 * m * Math.log(factor) + 1);
  return {
    radians: radians.map((f, i) => {
      const interpolated = Math.min(1, Math.max(0, (i - low) / width));
      return (f / factor) * interpolated + f * (1 - interpolated);
    }),
    factor: attentionFactor ?? (mscale !== 0 && mscaleAllDim !== 0 ? warmth(mscale) / warmth(mscaleAllDim) : warmth(1)),
  };
}

/**
 * The frequencies of a head; rotary/2 of them. Throws `bad-option` for sizes that are not even whole numbers, a base or a factor that is
 * not above 0, a llama3 band that is empty, and NTK scaling of fewer than four dimensions.
 */
export function ropeFrequencies({
  headSize,
  base = 10_000,
  rotary = headSize,
  scaling,
}: RopeFrequencyOptions): RopeFrequencies {
  if (!Number.isInteger(rotary / 2) || rotary < 2 || rotary > headSize)
    throw new TensorError('bad-option', 'ropeFrequencies', {
      wanted: `an even number of rotary dimensions from 2 to the head's ${headSize}`,
      got: `${rotary}`,
    });
  const numbers = Object.entries({ base, ...scaling }).filter(([, value]) => typeof value === 'number');
  for (const [name, value] of numbers)
    if (!(Number(value) > 0 && Number.isFinite(value)))
      throw new TensorError('bad-option', 'ropeFrequencies', { wanted: `a ${name} above 0`, got: `${value}` });
  if (scaling?.type === 'llama3' && scaling.high <= scaling.low)
    throw new TensorError('bad-option', 'ropeFrequencies', {
      wanted: `a high above the low of ${scaling.low}`,
      got: `${scaling.high}`,
    });
  if (scaling !== undefined && scaling.type.endsWith('ntk') && rotary < 4)
    throw new TensorError('bad-option', 'ropeFrequencies', {
      wanted: 'at least 4 rotary dimensions for NTK scaling',
      got: `${rotary}`,
    });
  const plain = { base, rotary, radians: plainRadians(base, rotary) };
  return scaling === undefined ? even(plain.radians) : scaled(plain, scaling);
}

function scaled<Type extends RopeScaling['type']>(
  plain: Plain,
  scaling: Extract<RopeScaling, { readonly type: Type }>,
): RopeFrequencies {
  const rule: Rule<Type> = rules[scaling.type as Type];
  return rule(plain, scaling);
}
