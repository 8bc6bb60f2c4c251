// `npm run prebuild [targets]`: the addon for each platform with the pinned Zig, as optional packages to publish, and @ingot/tensor-native
// packed so that it names them (docs/decisions/0010-prebuilt-addons.md). Everything goes into prebuilds/.
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root, run } from './lib/run.mjs';
import { PNPM } from './lib/setup.mjs';
import { findZig, ZIG } from './lib/zig.mjs';

const NAME = '@ingot/tensor-native';
/** glibc 2.17 is older than what any supported Node wants. */
const TARGETS = {
  'linux-x64': { triple: 'x86_64-linux-gnu.2.17', cpu: 'x64', libc: 'glibc', sets: 'SSE2, AVX2 with FMA, AVX-512' },
  'linux-x64-musl': { triple: 'x86_64-linux-musl', cpu: 'x64', libc: 'musl', sets: 'SSE2, AVX2 with FMA, AVX-512' },
  'linux-arm64': { triple: 'aarch64-linux-gnu.2.17', cpu: 'arm64', libc: 'glibc', sets: 'NEON' },
  'linux-arm64-musl': { triple: 'aarch64-linux-musl', cpu: 'arm64', libc: 'musl', sets: 'NEON' },
};
/** Only what Node looks for is seen from outside: the C++ runtime inside must not meet another one in the process. */
const EXPORTS = '{ global: napi_register_module_v1; node_api_module_get_api_version_v1; local: *; };\n';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string', default: join(root, 'prebuilds') } },
});
const out = values.out;
const names = positionals.length > 0 ? positionals : Object.keys(TARGETS);
const unknown = names.filter((name) => !Object.hasOwn(TARGETS, name));
if (unknown.length > 0) {
  console.error(`Unknown targets: ${unknown.join(', ')}. Known: ${Object.keys(TARGETS).join(', ')}.`);
  process.exit(2);
}
const zig = findZig();
if (!zig) {
  console.error(
    `Prebuilding wants Zig ${ZIG}: pip install ziglang==${ZIG}, then set INGOT_PYTHON to that Python. Without it the addon is built on each machine, or the device wasm is used.`,
  );
  process.exit(2);
}
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
await run(process.execPath, [tsc, '-b', 'packages/tensor-native'], 'The build failed.');
const { compileAddon } = await import('../packages/tensor-native/dist/compile-addon.js');
const source = join(root, 'packages', 'tensor-native');
const { version, license, engines } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));

const said = (command, args, cwd) => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stdout}${stderr}`);
  return stdout;
};
const pack = (folder, into) => said('npm', ['pack', '--ignore-scripts', '--pack-destination', into], folder);

/** Builds the package of one target and packs it. Throws an Error with the compiler's words. */
const prebuild = async (name) => {
  const { triple, cpu, libc, sets } = TARGETS[name];
  const folder = join(out, `tensor-native-${name}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const place = mkdtempSync(join(tmpdir(), 'ingot-prebuild-'));
  try {
    writeFileSync(join(place, 'exports.map'), EXPORTS);
    const fault = await compileAddon({
      command: [...zig, 'c++', '-target', triple],
      arch: cpu,
      link: ['-shared', '-s', '-Wl,--gc-sections', `-Wl,--version-script=${join(place, 'exports.map')}`],
      place,
      output: join(folder, 'ingot.node'),
    });
    if (fault !== undefined) throw new Error(`${name}: ${fault}`);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
  const about = `The addon of ${NAME} for ${name}: ${sets}.`;
  const manifest = {
    name: `${NAME}-${name}`,
    version,
    description: about,
    keywords: ['ingot', 'language-model'],
    license,
    os: ['linux'],
    cpu: [cpu],
    libc: [libc],
    main: './ingot.node',
    files: ['ingot.node'],
    engines,
    publishConfig: { access: 'public' },
  };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  writeFileSync(
    join(folder, 'README.md'),
    `# ${manifest.name}\n\n${about} Built with Zig ${ZIG} for ${triple}. ${NAME} installs it where it fits; there is nothing to call.\n`,
  );
  copyFileSync(join(source, 'LICENSE'), join(folder, 'LICENSE'));
  pack(folder, out);
  console.log(`${manifest.name}: ${statSync(join(folder, 'ingot.node')).size} bytes`);
};

/** Packs @ingot/tensor-native with the packages that were built as optional dependencies of exactly its version. */
const packOwner = () => {
  const place = mkdtempSync(join(tmpdir(), 'ingot-prebuild-'));
  try {
    said('npx', ['--yes', PNPM, 'pack', '--pack-destination', place], source);
    said('tar', ['-xzf', readdirSync(place)[0]], place);
    const path = join(place, 'package', 'package.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8'));
    manifest.optionalDependencies = Object.fromEntries(names.map((name) => [`${NAME}-${name}`, version]));
    writeFileSync(path, `${JSON.stringify(manifest, undefined, 2)}\n`);
    pack(join(place, 'package'), out);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
};

mkdirSync(out, { recursive: true });
for (const name of names) await prebuild(name);
packOwner();
console.log(
  `Packed in ${out}. To publish: npm publish each tarball of a platform, then that of ${NAME} (changesets leave out what is there).`,
);
