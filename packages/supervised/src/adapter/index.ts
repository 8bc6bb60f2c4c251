// Adapters as stages.
export { adapterFolder } from './adapter-folder.js';
export { mergeAdapterStage } from './merge-adapter.js';
