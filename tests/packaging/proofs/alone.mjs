// Each public package alone, from its tarball and its dependencies' tarballs, runs the example of its README.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript6';
import { firstExample } from '../../../scripts/checks/readmes.mjs';
import { install, project, proof, run } from '../lib/proof.mjs';
import { everyPackage, needs } from '../lib/tarballs.mjs';

const compiled = (code) =>
  ts.transpileModule(code, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
  }).outputText;

/** One empty project a package. */
export const proveAlone = (tarballs) => {
  for (const { manifest, readme } of everyPackage()) {
    proof(`${manifest.name}, alone, runs its README's example`, () => {
      const code = firstExample(readme);
      if (!code) throw new Error('Its README has no ```ts block.');
      const folder = project('alone', { dependencies: needs([manifest.name], tarballs) });
      install(folder);
      writeFileSync(join(folder, 'example.mjs'), compiled(code));
      const said = run(process.execPath, ['example.mjs'], folder).trim();
      if (!said) throw new Error('Its example prints nothing.');
      return said.split('\n')[0].slice(0, 80);
    });
  }
};
