// The checks of sizes, manifests and READMEs find what is planted and nothing in a clean workspace.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { check as manifests } from './manifests.mjs';
import { check as readmes } from './readmes.mjs';
import { check as sizes } from './sizes.mjs';
import { clean, faultsIn } from './workspace.fixture.mjs';

const lines = (count) => 'x\n'.repeat(count);

describe('sizes', () => {
  beforeEach(() => vi.spyOn(console, 'log').mockImplementation(() => {}));

  it('finds nothing in a clean workspace, nor in a file of exactly 400 lines', () => {
    expect(faultsIn(sizes)).toEqual([]);
    expect(faultsIn(sizes, { 'packages/text/src/long.ts': lines(400) })).toEqual([]);
  });

  it.each([
    'packages/text/src/long.ts',
    'packages/text/src/long.test.ts',
    'packages/text/native/long.cc',
    'apps/runner/bin/long.mjs',
    'scripts/long.mjs',
    'tests/long.ts',
    'bench/peers/long.py',
  ])('a file of 401 lines: %s', (file) =>
    expect(faultsIn(sizes, { [file]: lines(401) })).toEqual([
      `${file} has 401 lines, the cap is 400: tell it as two ideas.`,
    ]),
  );

  it('counts a last line that does not end', () =>
    expect(faultsIn(sizes, { 'scripts/long.mjs': `${lines(400)}x` })).toHaveLength(1));
});

describe('manifests', () => {
  const planted = (change) => {
    const manifest = JSON.parse(clean('packages/text/package.json'));
    change(manifest);
    return faultsIn(manifests, { 'packages/text/package.json': JSON.stringify(manifest) });
  };
  it('finds nothing in a clean workspace', () => expect(faultsIn(manifests)).toEqual([]));

  it.each([
    'version',
    'description',
    'license',
    'type',
    'sideEffects',
    'engines',
    'keywords',
    'exports',
    'files',
    'publishConfig',
  ])('a missing %s', (field) =>
    expect(planted((manifest) => delete manifest[field])).toEqual([`packages/text/package.json has no '${field}'.`]),
  );

  it.each(['preinstall', 'install', 'postinstall', 'prepare'])('a script at %s', (name) =>
    expect(planted((manifest) => (manifest.scripts = { [name]: 'node x.js' }))).toEqual([
      `packages/text/package.json runs '${name}' when it is installed: nothing may.`,
    ]),
  );

  it.each(['@ingot/core', '@ingot/tensor', '@ingot/contracts'])('%s as a plain dependency of a plugin', (peer) =>
    expect(planted((manifest) => (manifest.dependencies[peer] = 'workspace:^'))).toEqual([
      `packages/text/package.json depends on '${peer}': it must be a peer, or two copies of it meet.`,
    ]),
  );

  it.each(['README.md', 'LICENSE'])('a missing %s', (file) =>
    expect(faultsIn(manifests, { [`packages/text/${file}`]: undefined })).toEqual([`packages/text has no ${file}.`]),
  );
});

describe('READMEs', () => {
  const planted = (code) =>
    faultsIn(readmes, { 'packages/text/README.md': code && `# Text\n\n\`\`\`ts\n${code}\n\`\`\`\n` });

  it('run, each of them, and print', () => expect(faultsIn(readmes)).toEqual([]));
  it.each([
    ['an example that throws', "throw new Error('the whale');", /its example ended with code 1: .*the whale/],
    ['an example that prints nothing', 'export const a = 1;', /its example prints nothing\.$/],
    ['an import that is not there', "import 'no-such-package-here';", /ended with code 1: .*no-such-package-here/],
    ['no example', '', /packages\/text\/README\.md has no ```ts example\.$/],
  ])('%s', (_, code, says) => {
    const faults = code ? planted(code) : faultsIn(readmes, { 'packages/text/README.md': '# Text\n' });
    expect(faults).toEqual([expect.stringMatching(says)]);
    expect(faults[0]).toContain('packages/text/README.md');
  });
});
