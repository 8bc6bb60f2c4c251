// Muon (Jordan et al. 2024): momentum whose matrix is made orthogonal before it is applied, for hidden matrices; AdamW for all the rest.
// m = μ·m + (1−μ)·g, u = (1−μ)·g + μ·m (Nesterov) or m, p = p·(1 − lr·λ) − lr·s·orthogonal(u), as torch.optim.Muon (here in fp32 throughout).
import { TensorError } from '../errors.js';
import type { Parameter, ParameterTree } from '../parameter.js';
import type { Shape } from '../shape.js';
import { type AdamWOptions, adamwStep } from './adamw.js';
import { newtonSchulz } from './newton-schulz.js';
import { checkRates, type OptimiserState } from './state.js';

/** s for a matrix (rows, columns). */
const scales = {
  /** √max(1, rows/columns): Jordan's. */
  original: (rows, columns) => Math.sqrt(Math.max(1, rows / columns)),
  /** 0.2·√max(rows, columns): updates as large as AdamW's, whose lr and decay then fit (Liu et al. 2025, "Muon is scalable", equation 4). */
  'match-adamw': (rows, columns) => 0.2 * Math.sqrt(Math.max(rows, columns)),
} as const satisfies Record<string, (rows: number, columns: number) => number>;
export type MuonScale = keyof typeof scales;

export interface MuonOptions {
  readonly lr: number;
  /** 0.95 unless said. */
  readonly momentum?: number;
  /** True unless said. */
  readonly nesterov?: boolean;
  /** Newton–Schulz iterations; 5 unless said. */
  readonly iterations?: number;
  /** Decoupled, of the matrices that Muon moves; 0 unless said. */
  readonly weightDecay?: number;
  /** 'original' unless said. */
  readonly scale?: MuonScale;
  /** Which parameters of two dimensions Muon moves; `hiddenMatrices` unless said. */
  readonly matrices?: (name: string, shape: Shape) => boolean;
  /** How AdamW moves the others: embeddings, head, norms, biases. */
  readonly rest: Omit<AdamWOptions, 'gradientScale' | 'only'>;
  /** Gradients are read times this. */
  readonly gradientScale?: number;
}

/** The matrices inside of a model's blocks: not embeddings nor the head, which Muon does not suit. */
export function hiddenMatrices(name: string, shape: Shape): boolean {
  return shape.length === 2 && name.startsWith('blocks.');
}

/** One step of every trainable parameter that has a gradient, in place; gradients stay. Throws `bad-option` for rates that make no sense. */
export function muonStep(tree: ParameterTree, state: OptimiserState, options: MuonOptions): void {
  const {
    lr,
    momentum = 0.95,
    weightDecay = 0,
    iterations = 5,
    matrices = hiddenMatrices,
    gradientScale = 1,
  } = options;
  checkRates('muonStep', { lr, momentum, weightDecay, gradientScale });
  if (!Number.isInteger(iterations) || iterations < 1)
    throw new TensorError('bad-option', 'muonStep', { wanted: 'iterations from 1', got: `${iterations}` });
  const turned = (name: string, shape: Shape): boolean => shape.length === 2 && matrices(name, shape);
  // Counts the step for both.
  adamwStep(tree, state, { ...options.rest, gradientScale, only: (name, shape) => !turned(name, shape) });
  for (const parameter of tree.values()) {
    if (parameter.gradient === undefined || !parameter.trainable || !turned(parameter.name, parameter.shape)) continue;
    move(parameter, state, { ...options, momentum, weightDecay, iterations, gradientScale });
  }
}

type Settled = MuonOptions & Required<Pick<MuonOptions, 'momentum' | 'weightDecay' | 'iterations' | 'gradientScale'>>;

function move(parameter: Parameter, state: OptimiserState, options: Settled): void {
  const { device, storage, gradient } = parameter;
  const [rows = 1, columns = 1] = parameter.shape;
  if (gradient === undefined) return;
  const { lr, momentum, nesterov = true, weightDecay, iterations, scale = 'original', gradientScale } = options;
  const fresh = (1 - momentum) * gradientScale;
  const held = state.of(parameter, 'momentum').storage;
  device.scale(held, momentum);
  device.accumulate(held, gradient.storage, fresh);
  const update = device.affine(held, nesterov ? momentum : 1, 0);
  if (nesterov) device.accumulate(update, gradient.storage, fresh);
  const orthogonal = newtonSchulz(device, update, rows, columns, iterations);
  if (weightDecay !== 0) device.scale(storage, 1 - lr * weightDecay);
  device.accumulate(storage, orthogonal, -lr * scales[scale](rows, columns));
  for (const one of [update, orthogonal]) device.free(one);
  parameter.changed();
}
