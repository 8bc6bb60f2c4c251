// Supervised tuning: the stage, and the functions behind it.
export { answers, degenerationReport } from './after-training.js';
export { assumeAligned, assumeChat } from './assume.js';
export { chooseFormat } from './choose-format.js';
export { lintExamples, type Finding, type Linted } from './lint.js';
export { embeddingNoise, noisyWeights, type NoiseHow } from './neftune.js';
export { meanLoss, mixRows, sftObjective, type SftData } from './objective.js';
export { sftOptions, sftView, type SftOptions, type SftView } from './options.js';
export { readExamples, type BadRow, type ReadExample } from './read-examples.js';
export { sft } from './sft.js';
