// Tensors on swappable devices.
export type * from './device.js';
export type * from './kernels.js';
export type * from './weights.js';
export { TensorError, isTensorError, type TensorErrorCode } from './errors.js';
export { type Shape, broadcastShapes, showShape, sizeOf } from './shape.js';
export { Buffer } from './buffer.js';
export type { Backward, GradientCell, GradientSlot } from './history.js';
export { Tensor, result, tensor, zeros } from './tensor.js';
export { scope } from './scope.js';
export { noGrad, record, tracked, type OpRecord } from './record.js';
export { backward, backwardFrom } from './tape.js';
export { recompute } from './recompute.js';
export { Parameter, ParameterTree } from './parameter.js';
export { firstNonFinite, onOp, watchNumbers, type Phase } from './watch.js';
export { philox4x32, philoxBlock, type PhiloxBlock, type PhiloxKey } from './philox.js';
export { normal, uniform } from './random.js';
export { KeyValueCache, type AttentionCache, type CacheSizes } from './cache.js';
export {
  ropeFrequencies,
  type RopeFrequencies,
  type RopeFrequencyOptions,
  type RopeScaling,
  type YarnScaling,
} from './rope-frequencies.js';
export { plainWeights } from './plain-weights.js';
export { unpackMatrix, type PackedMatrix } from './packed/packed-matrix.js';
export { packedCrossEntropy } from './packed/packed-cross-entropy.js';
export { packedEmbedding } from './packed/packed-embedding.js';
export { packedLinear } from './packed/packed-linear.js';
export { packedWeights } from './packed/packed-weights.js';
export { referenceDevice } from './reference/device.js';
export { withoutKernels } from './without-kernels.js';
export * from './ops/index.js';
export { adamwStep, type AdamWOptions } from './optim/adamw.js';
export { lionStep, type LionOptions } from './optim/lion.js';
export { hiddenMatrices, muonStep, type MuonOptions, type MuonScale } from './optim/muon.js';
export { sgdStep, type SgdOptions } from './optim/sgd.js';
export { clipFactor, globalNorm, squaredNorm } from './optim/norm.js';
export { OptimiserState, decaysMatrices } from './optim/state.js';
