// What every packaging proof needs: commands with their output, temporary projects, and a tally of what was proven.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

/** Runs a command to its end; gives its output, and throws with the last lines of it when the command fails. */
export const run = (command, args, cwd, { env = {}, fails = false } = {}) => {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    timeout: 600_000,
    maxBuffer: 1 << 28,
  });
  const output = `${stdout ?? ''}${stderr ?? ''}`;
  if (error || (status === 0) === fails)
    throw new Error(
      `${[command, ...args].join(' ')} in ${cwd} ended with ${error?.message ?? status}:\n${output.trim().split('\n').slice(-25).join('\n')}`,
    );
  return output;
};

/** A new empty project outside of the repository. */
export const project = (name, manifest = {}) => {
  const folder = mkdtempSync(join(tmpdir(), `ingot-${name}-`));
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name, version: '1.0.0', private: true, type: 'module', ...manifest }, undefined, 2),
  );
  return folder;
};

/** `npm install` of what the project's package.json names. */
export const install = (folder) =>
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'], folder);

const sum = { passed: 0, failed: 0 };
/** Runs one proof and prints what it did; a failure is counted and the next proof runs. */
export const proof = (name, body) => {
  const began = performance.now();
  try {
    const did = body();
    sum.passed++;
    console.log(`✓ ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)${did ? `: ${did}` : ''}`);
  } catch (error) {
    sum.failed++;
    console.log(`✗ ${name}\n    ${error.message.split('\n').join('\n    ')}`);
  }
};
/** How many proofs held. */
export const tally = () => sum;
