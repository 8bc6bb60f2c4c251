// The optimisers of the reference device, one element at a time, in place.
import type { AdamWSpec, LionSpec } from '../kernels.js';

type Arrays<Spec, Names extends keyof Spec> = Omit<Spec, Names> & { readonly [Name in Names]: Float32Array };

/** AdamW (Loshchilov and Hutter 2019, algorithm 2). */
export function adamw(spec: Arrays<AdamWSpec, 'parameter' | 'first' | 'second' | 'gradient'>): void {
  const { parameter: p, first: m, second: v, gradient: g } = spec;
  const firstBias = 1 - spec.beta1 ** spec.step;
  const secondBias = 1 - spec.beta2 ** spec.step;
  for (let i = 0; i < p.length; i++) {
    const gradient = g[i]! * spec.gradientScale;
    const first = spec.beta1 * m[i]! + (1 - spec.beta1) * gradient;
    const second = spec.beta2 * v[i]! + (1 - spec.beta2) * gradient * gradient;
    m[i] = first;
    v[i] = second;
    p[i] =
      p[i]! * (1 - spec.lr * spec.weightDecay) -
      (spec.lr * (first / firstBias)) / (Math.sqrt(second / secondBias) + spec.epsilon);
  }
}

/** Lion (Chen et al. 2023, algorithm 2). */
export function lion(spec: Arrays<LionSpec, 'parameter' | 'momentum' | 'gradient'>): void {
  const { parameter: p, momentum: m, gradient: g, lr, beta1, beta2, weightDecay } = spec;
  for (let i = 0; i < p.length; i++) {
    const gradient = g[i]! * spec.gradientScale;
    p[i] = p[i]! * (1 - lr * weightDecay) - lr * Math.sign(beta1 * m[i]! + (1 - beta1) * gradient);
    m[i] = beta2 * m[i]! + (1 - beta2) * gradient;
  }
}
