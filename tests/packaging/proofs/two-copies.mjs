// Two copies of core in one program give a clear error, not a puzzle.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { install, project, proof, run } from '../lib/proof.mjs';
import { needs } from '../lib/tarballs.mjs';

/** A plugin that was defined with another copy of core than the one that installs it. */
export const proveTwoCopies = (tarballs) => {
  proof('two copies of core give a clear error', () => {
    const folder = project('two-copies', { dependencies: needs(['@ingot/core'], tarballs) });
    install(folder);
    mkdirSync(join(folder, 'other'), { recursive: true });
    cpSync(join(folder, 'node_modules', '@ingot', 'core'), join(folder, 'other', 'core'), {
      recursive: true,
      dereference: true,
    });
    writeFileSync(
      join(folder, 'mix.mjs'),
      "import { createIngot } from '@ingot/core';\nimport { definePlugin } from './other/core/dist/index.js';\ncreateIngot({ plugins: [definePlugin({ name: '@elsewhere/mine' })] });\n",
    );
    const said = run(process.execPath, ['mix.mjs'], folder, { fails: true });
    const line = said.split('\n').find((one) => /^IngotError: .*cop(y|ies)/.test(one));
    if (!line) throw new Error(`The error does not speak of copies:\n${said}`);
    return line.trim().slice(0, 160);
  });
};
