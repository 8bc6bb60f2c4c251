// The program behind bin/ingot.mjs.
import { processIo } from './io.js';
import { main } from './main.js';

/** Runs the command line of this process and ends with its exit code once the streams are empty. */
export const cli = async (): Promise<void> => {
  // a closed pipe (`ingot runs | head`) is not an error
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => (error.code === 'EPIPE' ? process.exit(0) : undefined));
  process.exitCode = await main(process.argv.slice(2), processIo());
};
