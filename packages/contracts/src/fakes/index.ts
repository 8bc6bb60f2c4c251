// The fake of every kind, role, part role and token: what tests and type checks run on where no real package is wanted.
export * from './values.js';
export * from './family.js';
export * from './parts.js';
export * from './services.js';
export * from './data-stages.js';
export * from './model-stages.js';
export * from './align-stages.js';
export * from './use-stages.js';
export * from './plugins.js';
