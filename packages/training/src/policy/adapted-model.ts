// Which names of a model are looked up by id: found by running it once over one token and watching the seam.
import type { LiveModel } from '@ingot/contracts';
import { noGrad, scope, tensor, type Weights } from '@ingot/tensor';
import type { AdaptedModel } from './adapter-plan.js';

/** What an adapter must know of a live model; costs one forward pass of one token. */
export function adaptedModel({ device, family, design, weights }: LiveModel): AdaptedModel {
  const embeddings = new Set<string>();
  const watching: Weights = {
    linear: (name, x, how) => weights.linear(name, x, how),
    embedding(name, ids) {
      embeddings.add(name);
      return weights.embedding(name, ids);
    },
    layerNorm: (name, x, epsilon) => weights.layerNorm(name, x, epsilon),
    rmsNorm: (name, x, epsilon, how) => weights.rmsNorm(name, x, epsilon, how),
    crossEntropy: (name, x, targets) => weights.crossEntropy(name, x, targets),
    logits: (name, x) => weights.logits(name, x),
  };
  noGrad(() => scope(() => void family.forward(design, watching, tensor(device, [0], [1, 1], 'i32'))));
  return { specs: family.parameters(design), embeddings, head: family.head(design) };
}
