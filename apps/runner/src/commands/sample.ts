// `ingot sample`: continues a prompt with a model of the store or of a folder.
import type { AddCommand } from './app.js';

/** Adds `sample`. */
export const addSample: AddCommand = (program) => {
  program.command('sample').description('continue a prompt with a model');
};
