// Adapters as stages.
export { adapterFolder } from './adapter-folder.js';
export { adapterOf } from './adapter-of.js';
export { mergeAdapterStage } from './merge-adapter.js';
