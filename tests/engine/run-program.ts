// Runs a program of this folder in a process of its own, on the built packages, as a user's would.
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Ended {
  /** Undefined when a signal ended it. */
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly output: string;
  readonly errors: string;
  /** From `hurry`, or from the start where nobody called it, to the end. */
  readonly milliseconds: number;
}

/** Runs `node programs/<program> …`. `onOutput` sees what it prints so far and may act; `hurry` starts the clock anew. Kills it after `patience` milliseconds. */
export const runProgram = (
  program: string,
  args: readonly string[],
  {
    patience = 120_000,
    onOutput,
  }: { readonly patience?: number; onOutput?(child: ChildProcess, output: string, hurry: () => void): void } = {},
): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const path = fileURLToPath(new URL(`programs/${program}`, import.meta.url));
    const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [output, errors, began] = ['', '', performance.now()];
    const late = setTimeout(() => child.kill('SIGKILL'), patience);
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      onOutput?.(child, output, () => (began = performance.now()));
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(late);
      const milliseconds = performance.now() - began;
      resolve({ code: code ?? undefined, signal: signal ?? undefined, output, errors, milliseconds });
    });
  });

/** As `runProgram`, for a program that ends well and prints JSON. */
export const runForJson = async <Value>(
  program: string,
  args: readonly string[],
  patience?: number,
): Promise<Value> => {
  const { code, signal, output, errors } = await runProgram(program, args, patience === undefined ? {} : { patience });
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code ?? signal}: ${errors || output}`);
  return JSON.parse(output) as Value;
};
