// The published d.ts files, from tarballs, under TypeScript 7 and 6: the right wirings compile, the wrong ones are refused.
import { spawnSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { install, project, proof, root } from '../lib/proof.mjs';
import { everyPackage, needs } from '../lib/tarballs.mjs';

/** Diagnostics in files of packages that are not ours, the compiler's own lib files included (they clash with @webgpu/types). */
const FOREIGN = /node_modules\/(?!@ingot\/|ingot\/)[^(]*\(/;
const COMPILERS = { 'TypeScript 7': 'typescript', 'TypeScript 6': 'typescript6' };

/**
 * A consumer that imports every package, with the wirings of tests/types. Library files are checked too; faults inside the types of
 * other people's packages (@webgpu/types, @tensorflow/tfjs-core) are not ours and do not count, any other line does.
 */
export const proveConsumers = (tarballs) => {
  const names = everyPackage().map(({ manifest }) => manifest.name);
  const folder = project('consumer', {
    dependencies: { ...needs(names, tarballs), zod: '^4.6.7', rxjs: '^7.8.2', vitest: '4.1.12' },
    devDependencies: { '@types/node': '^20.19.0' },
  });
  proof('a consumer of every package installs', () => void install(folder));
  for (const file of ['right.ts', 'wrong.ts', 'wrong-plugins.ts'])
    cpSync(join(root, 'tests', 'types', file), join(folder, file));
  writeFileSync(join(folder, 'all.ts'), names.map((name, i) => `export * as package${i} from '${name}';`).join('\n'));
  const compilerOptions = {
    target: 'ES2022',
    lib: ['ES2023', 'DOM'],
    module: 'NodeNext',
    moduleResolution: 'NodeNext',
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    verbatimModuleSyntax: true,
    noEmit: true,
    types: ['node'],
    skipLibCheck: false,
  };
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: ['all.ts', 'right.ts', 'wrong.ts', 'wrong-plugins.ts'] }),
  );
  for (const [name, at] of Object.entries(COMPILERS))
    proof(`published types, ${name}`, () => {
      const compiler = join(root, 'node_modules', at, 'bin', 'tsc');
      const { stdout } = spawnSync(process.execPath, [compiler, '-p', '.', '--pretty', 'false'], {
        cwd: folder,
        encoding: 'utf8',
      });
      const faults = stdout.split('\n').filter((line) => / error TS\d+/.test(line) && !FOREIGN.test(line));
      if (faults.length > 0) throw new Error(faults.slice(0, 20).join('\n'));
    });
};
