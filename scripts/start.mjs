// `npm start`: sets everything up on a fresh clone, then runs the life of a model on Moby-Dick, from text to alignment, and says where the report is.
import { parseArgs } from 'node:util';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './lib/run.mjs';
import { setUp } from './lib/setup.mjs';

const usage =
  'Usage: npm start [-- --store <dir> --seconds <time of all stages> --measure]\n  --measure  measure this machine anew, where it was busy the last time';
let options;
try {
  options = parseArgs({
    options: {
      store: { type: 'string' },
      seconds: { type: 'string' },
      measure: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  }).values;
  if (options.seconds !== undefined && !(Number(options.seconds) > 0))
    throw new Error(`--seconds wants a positive number, got '${options.seconds}'.`);
} catch (error) {
  console.error(`${error.message}\n${usage}`);
  process.exit(2);
}
if (options.help) {
  console.log(usage);
  process.exit(0);
}

await setUp({ build: true });
const { mainJob, processIo } = await import(pathToFileURL(join(root, 'apps', 'runner', 'dist', 'index.js')).href);
process.exitCode = await mainJob(processIo(), {
  ...(options.store === undefined ? {} : { store: options.store }),
  measure: options.measure ?? false,
  ...(options.seconds === undefined ? {} : { seconds: Number(options.seconds) }),
});
