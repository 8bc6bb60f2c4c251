// The prebuilt addon: built with the pinned Zig, packed, installed by npm into an empty project, and run there without a compiler.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findZig, ZIG } from '../../scripts/lib/zig.mjs';
import { install, project, root, run } from './lib/proof.mjs';
import { needs, packAll } from './lib/tarballs.mjs';

const NAME = '@ingot/tensor-native';
const TARGETS = ['linux-x64', 'linux-x64-musl', 'linux-arm64', 'linux-arm64-musl'];
const here = process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch);
const zig = here ? findZig() : undefined;
const why = zig
  ? ''
  : ` (skipped: wants Linux on x64 or arm64 and Zig ${ZIG}, pip install ziglang==${ZIG} and INGOT_PYTHON)`;

/** The instruction sets of this machine, as Linux lists them: what the addon finds by itself must be the same. */
const setsHere = (): readonly string[] => {
  const flags = new Set(readFileSync('/proc/cpuinfo', 'utf8').split(/\s+/));
  const wants = { avx512: ['avx512f', 'avx512vl', 'fma'], avx2: ['avx2', 'fma'], sse2: ['sse2'], neon: ['asimd'] };
  return Object.entries(wants).flatMap(([set, wanted]) => (wanted.every((flag) => flags.has(flag)) ? [set] : []));
};

/** What the project's script prints. */
interface Said {
  readonly addon: string;
  readonly compiler: unknown;
  readonly products: Readonly<Record<string, readonly number[]>>;
}
const SCRIPT = `
import { findAddon, findCompiler, nativeDevice } from '${NAME}';
import { matmul, scope, tensor } from '@ingot/tensor';
const products = {};
for (const set of [undefined, 'sse2', 'avx2', 'avx512', 'neon'])
  try {
    const device = nativeDevice({ threads: 2, ...(set && { set }) });
    products[device.about] = scope(() => [...matmul(tensor(device, [1, 2, 3, 4], [2, 2]), tensor(device, [5, 6, 7, 8], [2, 2])).read()]);
  } catch (error) {
    if (error.code !== 'bad-option') throw error;
  }
console.log(JSON.stringify({ addon: findAddon(), compiler: findCompiler() ?? 'none', products }));
`;
const suite = (): string => `
import { nativeDevice } from '${NAME}';
import { deviceSuite } from '@ingot/testing/device';
for (const set of ${JSON.stringify(setsHere())}) deviceSuite('native, prebuilt, ' + set, () => nativeDevice({ set, threads: 2 }));
`;

describe.skipIf(!zig)(`prebuilt addons${why}`, () => {
  const out = mkdtempSync(join(tmpdir(), 'ingot-prebuilds-'));
  let folder = '';
  let machine = '';
  const tarball = (name: string): string =>
    join(out, readdirSync(out).find((file) => new RegExp(`^ingot-${name}-\\d.*\\.tgz$`).test(file)) ?? `no-${name}`);
  afterAll(() => rmSync(out, { recursive: true, force: true }));

  beforeAll(() => {
    console.log(run(process.execPath, [join(root, 'scripts', 'prebuild.mjs'), '--out', out], root));
    const packed = packAll([
      NAME,
      '@ingot/core',
      '@ingot/contracts',
      '@ingot/formats',
      '@ingot/tensor',
      '@ingot/testing',
    ]);
    packed.set(NAME, tarball('tensor-native'));
    folder = project('prebuilt', {
      dependencies: { ...needs([NAME, '@ingot/testing'], packed), vitest: '4.1.12' },
      optionalDependencies: Object.fromEntries(
        TARGETS.map((name) => [`${NAME}-${name}`, `file:${tarball(`tensor-native-${name}`)}`]),
      ),
    });
    install(folder);
    machine =
      readdirSync(join(folder, 'node_modules', '@ingot')).find((name) => name.startsWith('tensor-native-')) ?? '';
  }, 900_000); // Zig's first build of its C++ library takes a minute or two for each target

  test('npm installs the one that fits: this system, this processor, this C library', () => {
    const libc = spawnSync('ldd', ['--version'], { encoding: 'utf8' });
    const musl = /musl/.test(libc.stdout + libc.stderr) ? '-musl' : '';
    expect(
      readdirSync(join(folder, 'node_modules', '@ingot')).filter((name) => name.startsWith('tensor-native-')),
    ).toEqual([`tensor-native-linux-${process.arch}${musl}`]);
  });

  test('native runs without a compiler, on every instruction set of this machine', () => {
    const bin = join(folder, 'only-node');
    mkdirSync(bin);
    symlinkSync(process.execPath, join(bin, 'node'));
    writeFileSync(join(folder, 'run.mjs'), SCRIPT);
    const said = JSON.parse(
      run(join(bin, 'node'), ['run.mjs'], folder, {
        env: { PATH: bin, CXX: '', XDG_CACHE_HOME: join(folder, 'cache') },
      }),
    ) as Said;
    console.log(said);
    expect(said.compiler).toBe('none');
    expect(said.addon).toBe(join(folder, 'node_modules', '@ingot', machine, 'ingot.node'));
    const best = setsHere()[0];
    expect(Object.keys(said.products)[0]).toBe(`native, ${best}, 2 threads`);
    expect(Object.keys(said.products).toSorted()).toEqual(
      setsHere()
        .map((set) => `native, ${set}, 2 threads`)
        .toSorted(),
    );
    for (const product of Object.values(said.products)) expect(product).toEqual([19, 22, 43, 50]);
  });

  test('it passes the device contract on every instruction set of this machine', () => {
    writeFileSync(join(folder, 'device.test.mjs'), suite());
    const said = run(join(folder, 'node_modules', '.bin', 'vitest'), ['run', '--reporter=default'], folder, {
      env: { XDG_CACHE_HOME: join(folder, 'cache'), NO_COLOR: '1' },
    });
    console.log(said.split('\n').slice(-6).join('\n'));
    expect(Number(/Tests +(\d+) passed/.exec(said)?.[1])).toBeGreaterThan(500);
  });

  test('one of another version is not taken', () => {
    const other = join(folder, 'other');
    mkdirSync(other);
    cpSync(join(folder, 'node_modules'), join(other, 'node_modules'), { recursive: true });
    cpSync(join(folder, 'run.mjs'), join(other, 'run.mjs'));
    const manifest = join(other, 'node_modules', '@ingot', machine, 'package.json');
    writeFileSync(manifest, JSON.stringify({ version: '0.0.1', main: './ingot.node' }));
    const said = run(process.execPath, ['run.mjs'], other, {
      env: { XDG_CACHE_HOME: join(folder, 'cache') },
      fails: true,
    });
    expect(said).toContain('npx ingot doctor --build');
  });
});
