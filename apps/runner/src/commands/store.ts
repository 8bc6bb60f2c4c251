// `ingot store`: what the store holds, and its care.
import type { AddCommand } from './app.js';

/** Adds `store`. */
export const addStore: AddCommand = (program) => {
  program.command('store').description('look after the store');
};
