// Packed weights behind the weights seam: matrices that are packed stay so, everything else is a parameter of one tree.
import type { Parameter, ParameterTree } from '../parameter.js';
import { plainWeights } from '../plain-weights.js';
import type { Weights } from '../weights.js';
import { packedCrossEntropy } from './packed-cross-entropy.js';
import { packedEmbedding } from './packed-embedding.js';
import { packedLinear } from './packed-linear.js';
import type { PackedMatrix } from './packed-matrix.js';

/** Weights of which those in `packed` ('<name>.weight' -> matrix) stay packed, and the others, biases and norms among them, are the tree's. A name in neither throws `unknown-parameter`. */
export function packedWeights(tree: ParameterTree, packed: ReadonlyMap<string, PackedMatrix>): Weights {
  const plain = plainWeights(tree);
  const matrix = (name: string): PackedMatrix | undefined => packed.get(`${name}.weight`);
  const bias = (name: string): Parameter | undefined =>
    tree.has(`${name}.bias`) ? tree.get(`${name}.bias`) : undefined;
  return {
    linear(name, x, how) {
      const held = matrix(name);
      return held ? packedLinear(x, held, bias(name), how) : plain.linear(name, x, how);
    },
    embedding(name, ids) {
      const held = matrix(name);
      return held ? packedEmbedding(held, ids) : plain.embedding(name, ids);
    },
    layerNorm: plain.layerNorm,
    rmsNorm: plain.rmsNorm,
    crossEntropy(name, x, targets) {
      const held = matrix(name);
      return held ? packedCrossEntropy(x, held, targets) : plain.crossEntropy(name, x, targets);
    },
    logits(name, x) {
      const held = matrix(name);
      return held ? packedLinear(x, held) : plain.logits(name, x);
    },
  };
}
