// What learns: policies over full, partial and adapter training.
export { openPolicy, type PolicyRequest } from './open-policy.js';
export { trainableLine, type Policy } from './policy.js';
export { adapterOptions, trainableOptions, type AdapterOptions, type TrainableOptions } from './trainable-options.js';
