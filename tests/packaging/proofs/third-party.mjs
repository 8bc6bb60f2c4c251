// A plugin of somebody else, in a folder outside of the repository: it type-checks, passes its suites, and runs in a recipe.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { install, project, proof, root, run } from '../lib/proof.mjs';
import { needs } from '../lib/tarballs.mjs';

/** The template of tests/packaging/third-party, copied out and installed from tarballs. */
export const proveThirdParty = (tarballs) => {
  const folder = project('third-party');
  cpSync(join(root, 'tests', 'packaging', 'third-party'), folder, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify(
      {
        ...manifest,
        devDependencies: { ...manifest.devDependencies, ...needs(['ingot', '@ingot/testing'], tarballs) },
      },
      undefined,
      2,
    ),
  );
  proof('a third-party plugin installs from tarballs', () => void install(folder));
  for (const at of ['typescript6', 'typescript'])
    proof(
      `a third-party plugin type-checks and builds (${at})`,
      () => void run(process.execPath, [join(root, 'node_modules', at, 'bin', 'tsc'), '-p', '.'], folder),
    );
  proof(
    'a third-party plugin passes its contract suites',
    () => /Tests +(.*)/.exec(run('npx', ['vitest', 'run', '--no-color'], folder))?.[1],
  );
  proof('a third-party plugin runs in a recipe through the command', () => {
    const said = run('npx', ['ingot', 'run', 'recipe.yaml', '--store', 'store', '--json'], folder, {
      env: { INGOT_DEVICE: 'reference' },
    });
    if (!said.includes('letters')) throw new Error(`Its stage does not show:\n${said.slice(-2000)}`);
    return 'stage, part and service';
  });
};
