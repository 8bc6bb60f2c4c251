// The first TypeScript example of every package's README runs as a user would run it, against the built packages.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript6';
import { packages } from '../lib/packages.mjs';
import { root as repository } from '../lib/run.mjs';

/** The first ```ts block of a README, or undefined. */
export const firstExample = (markdown) => /```ts\n([\s\S]*?)```/.exec(markdown)?.[1];

/** What is wrong with the example of one README, or undefined. */
const faultOf = (root, folder) => {
  const readme = join(folder, 'README.md');
  const code = firstExample(readFileSync(join(root, readme), 'utf8'));
  if (!code) return `${readme} has no \`\`\`ts example.`;
  // Beside the package's own package.json, not below node_modules: there a package cannot import itself by name.
  const place = mkdtempSync(join(root, folder, '.example-'));
  const { transpileModule, ModuleKind, ScriptTarget } = ts;
  const compilerOptions = { target: ScriptTarget.ES2022, module: ModuleKind.ESNext, verbatimModuleSyntax: true };
  try {
    writeFileSync(join(place, 'example.mjs'), transpileModule(code, { compilerOptions }).outputText);
    const { status, stderr, stdout } = spawnSync(process.execPath, ['example.mjs'], {
      cwd: place,
      encoding: 'utf8',
      timeout: 240_000,
    });
    const said = (stderr || stdout).trim().split('\n').slice(0, 8).join(' | ');
    if (status !== 0) return `${readme}: its example ended with code ${status}: ${said}`;
    return stdout.trim() ? undefined : `${readme}: its example prints nothing.`;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
};

/** Faults: READMEs, the root's and every package's, that have no example, or whose example fails or prints nothing. */
export const check = ({ root = repository } = {}) =>
  ['.', ...packages({ root }).map(({ folder }) => folder)]
    .map((folder) => faultOf(root, folder))
    .filter((fault) => fault !== undefined);
