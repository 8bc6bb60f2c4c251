// What learns: policies over full, partial and adapter training.
export { openPolicy, type PolicyRequest } from './open-policy.js';
export { trainableLine, type Policy } from './policy.js';
export { adapterOptions, trainableOptions, type AdapterOptions, type TrainableOptions } from './trainable-options.js';
export { adapterSet, type AdapterChoice, type AdapterSet } from './adapter-set.js';
export type { Adapter } from './adapter.js';
export { adapterShapes, linearLayers, planAdapter, type AdaptedModel } from './adapter-plan.js';
export type { DropoutPlace } from './low-rank.js';
export { mergeAdapter } from './merge-adapter.js';
export { readAdapterFolder } from './read-adapter-folder.js';
export { writeAdapterFolder, type AdapterFolderModel } from './write-adapter-folder.js';
