// The plain way behind the weights seam: every name is a parameter of one tree.
import type { Parameter, ParameterTree } from './parameter.js';
import { embedding } from './ops/embedding.js';
import { layerNorm } from './ops/layer-norm.js';
import { linear } from './ops/linear.js';
import { linearCrossEntropy } from './ops/linear-cross-entropy.js';
import { rmsNorm } from './ops/rms-norm.js';
import type { Weights } from './weights.js';

/** Weights that are the tree's parameters '<name>.weight' and, where there is one, '<name>.bias'. A missing weight throws `unknown-parameter`. */
export function plainWeights(tree: Pick<ParameterTree, 'get' | 'has'>): Weights {
  const weight = (name: string): Parameter => tree.get(`${name}.weight`);
  const bias = (name: string): Parameter | undefined =>
    tree.has(`${name}.bias`) ? tree.get(`${name}.bias`) : undefined;
  return {
    linear: (name, x, how) => linear(x, weight(name), bias(name), how),
    embedding: (name, ids) => embedding(weight(name), ids),
    layerNorm: (name, x, epsilon) => layerNorm(x, weight(name), bias(name), epsilon),
    rmsNorm: (name, x, epsilon, how) => rmsNorm(x, weight(name), epsilon, how),
    crossEntropy: (name, x, targets) => linearCrossEntropy(x, weight(name), targets),
    logits: (name, x) => linear(x, weight(name)),
  };
}
