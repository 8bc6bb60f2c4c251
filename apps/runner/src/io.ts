// Everything a command touches of the process around it, so that tests run commands in-process and read what they said.

import { createInterface } from 'node:readline';

/** The world of one command: streams, terminal, environment, working folder and Ctrl-C. */
export interface Io {
  /** Results: what a pipe should receive. */
  out(text: string): void;
  /** Logs, progress and errors. */
  err(text: string): void;
  /** The stream behind `err`, for a view that redraws itself. */
  readonly screen: NodeJS.WritableStream;
  /** Whether a person watches the error stream. */
  readonly tty: boolean;
  /** Whether colours may be used. */
  readonly colours: boolean;
  /** Width of the terminal in cells. */
  columns(): number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** What is typed or piped in, line by line, until its end or until the signal is aborted. */
  lines(signal: AbortSignal): AsyncIterable<string>;
  /** Calls back at each Ctrl-C (SIGINT) or SIGTERM until the returned function is called. */
  onInterrupt(listener: () => void): () => void;
  /** Ends the process at once: the second Ctrl-C. */
  exit(code: number): void;
}

/** The io of the real process. Colours follow NO_COLOR and FORCE_COLOR. */
export const processIo = (): Io => {
  const tty = Boolean(process.stderr.isTTY) && process.env['TERM'] !== 'dumb' && process.env['CI'] === undefined;
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    screen: process.stderr,
    tty,
    colours: process.env['NO_COLOR'] ? false : process.env['FORCE_COLOR'] ? true : tty,
    columns: () => process.stderr.columns ?? 80,
    env: process.env,
    cwd: process.cwd(),
    async *lines(signal) {
      const reader = createInterface({ input: process.stdin });
      const close = () => reader.close();
      signal.addEventListener('abort', close, { once: true });
      try {
        yield* reader;
      } finally {
        signal.removeEventListener('abort', close);
        reader.close();
      }
    },
    onInterrupt: (listener) => {
      process.on('SIGINT', listener);
      process.on('SIGTERM', listener);
      return () => {
        process.off('SIGINT', listener);
        process.off('SIGTERM', listener);
      };
    },
    exit: (code) => process.exit(code),
  };
};
