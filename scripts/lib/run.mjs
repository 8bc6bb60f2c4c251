// Runs a command with its output passed through, from the repository's root.
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Runs a command to its end and gives its exit code; never rejects for a failing command. */
export const exitCode = (command, args, env = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...env },
      shell: process.platform === 'win32',
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? (signal ? 1 : 0)));
  });

/** Runs a command that must succeed; else says `failure` and ends this process with the command's code. */
export const run = async (command, args, failure, env) => {
  const code = await exitCode(command, args, env);
  if (code === 0) return;
  console.error(`${failure} (${[command, ...args].join(' ')} ended with code ${code})`);
  process.exit(code);
};
