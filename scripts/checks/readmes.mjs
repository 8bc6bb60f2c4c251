// The first TypeScript example of every package's README runs as a user would run it, against the built packages.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript6';
import { packages } from '../lib/packages.mjs';
import { root } from '../lib/run.mjs';

/** The first ```ts block of a README, or undefined. */
export const firstExample = (markdown) => /```ts\n([\s\S]*?)```/.exec(markdown)?.[1];

/** Faults: packages whose README has no example, or whose example fails. */
export const check = () =>
  packages().flatMap(({ folder }) => {
    const code = firstExample(readFileSync(join(root, folder, 'README.md'), 'utf8'));
    if (!code) return [`${folder}/README.md has no \`\`\`ts example.`];
    // Beside the package's own package.json, not below node_modules: there a package cannot import itself by name.
    const place = mkdtempSync(join(root, folder, '.example-'));
    try {
      writeFileSync(
        join(place, 'example.mjs'),
        ts.transpileModule(code, {
          compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
        }).outputText,
      );
      const { status, stderr, stdout } = spawnSync(process.execPath, ['example.mjs'], {
        cwd: place,
        encoding: 'utf8',
        timeout: 120_000,
      });
      if (status !== 0)
        return [
          `${folder}/README.md: its example ended with code ${status}: ${(stderr || stdout).trim().split('\n').slice(0, 8).join(' | ')}`,
        ];
      return stdout.trim() ? [] : [`${folder}/README.md: its example prints nothing.`];
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  });
