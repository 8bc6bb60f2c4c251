// Runs one stage in a process of its own, so that its peak of memory is its own.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('step.mjs', import.meta.url));

/** What was measured of a stage; from `folder` where it has run before. Throws when the process fails. */
export const measuredStage = (folder, { recipe, stage, output, use, how, name = stage }) => {
  const result = join(folder, `${name}.json`);
  if (!existsSync(result)) {
    const settings = use === undefined ? [] : [use, JSON.stringify(how)];
    const { status } = spawnSync(
      process.execPath,
      [script, recipe, join(folder, 'store'), stage, output, result, ...settings],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
    if (status !== 0) throw new Error(`The stage '${stage}' of ${recipe} failed with exit code ${status}.`);
  }
  if (!existsSync(result))
    throw new Error(
      `The store in ${folder} has '${stage}' already, but ${result} with its time is gone: delete the folder.`,
    );
  return JSON.parse(readFileSync(result, 'utf8'));
};
