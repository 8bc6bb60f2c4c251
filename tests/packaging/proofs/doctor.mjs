// `npx ingot doctor --build` where the command is installed: without a compiler, into a package that nobody may write, and with a broken addon there.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findCompiler } from '../../../packages/tensor-native/dist/compiler.js';
import { install, project, proof } from '../lib/proof.mjs';
import { needs } from '../lib/tarballs.mjs';

/** Root may write everywhere: then the command is run as nobody. */
const somebody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

/** One project with the command; what it builds goes into a cache of its own. */
export const proveDoctor = (tarballs) => {
  const folder = project('doctor', { dependencies: needs(['ingot'], tarballs) });
  proof('the command installs', () => void install(folder));
  const native = join(folder, 'node_modules', '@ingot', 'tensor-native');
  const cache = join(folder, 'cache');
  const onlyNode = join(folder, 'only-node');
  mkdirSync(cache);
  mkdirSync(onlyNode);
  symlinkSync(process.execPath, join(onlyNode, 'node'));
  chmodSync(folder, 0o755);
  chmodSync(cache, 0o777);
  chmodSync(native, 0o555);

  const doctor = (args, env = {}) => {
    const bin = join(folder, 'node_modules', '.bin', 'ingot');
    const { status, stdout, stderr } = spawnSync(bin, ['doctor', ...args], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 300_000,
      env: { ...process.env, CXX: '', HOME: cache, XDG_CACHE_HOME: cache, ...env },
      ...somebody,
    });
    return { status, stdout, said: `${stdout}${stderr}` };
  };
  const expect = (fact, { status, said }) => {
    if (!fact) throw new Error(`ended with ${status}: ${said}`);
  };
  const device = () => {
    const found = doctor(['--json']);
    expect(found.status === 0, found);
    const { devices } = JSON.parse(found.stdout);
    return devices.find((row) => row.chosen);
  };

  proof('doctor --build without a compiler: exit code 1, what to install, and wasm is chosen', () => {
    const tried = doctor(['--build'], { PATH: onlyNode });
    expect(tried.status === 1 && /Install g\+\+ or clang\+\+/.test(tried.stdout) && /'wasm'/.test(tried.stdout), tried);
    const chosen = device();
    expect(chosen.name === 'wasm' && /^wasm, \w+, \d+ threads?$/.test(chosen.about), { said: JSON.stringify(chosen) });
    return chosen.about;
  });
  const compiler = findCompiler();
  if (!compiler) return console.log('skipped: doctor --build with a compiler (there is none here)');
  proof('doctor --build where node_modules cannot be written: into the cache, and native is chosen', () => {
    const built = doctor(['--build']);
    expect(built.status === 0 && built.stdout.trim().split('\n').length === 1, built);
    expect(built.stdout.includes(join(cache, 'ingot')) && !existsSync(join(native, 'build')), built);
    const again = doctor(['--build']);
    expect(again.status === 0 && /built already/.test(again.stdout), again);
    const chosen = device();
    expect(chosen.name === 'native' && /^native, \w+, \d+ threads?$/.test(chosen.about), {
      said: JSON.stringify(chosen),
    });
    return `${built.stdout.trim().split(':')[0]}; ${chosen.about}`;
  });
  proof('an addon that does not load is said, and wasm is chosen; doctor --build mends it', () => {
    const [version] = readdirSync(join(cache, 'ingot'));
    const at = join(cache, 'ingot', version);
    const addon = readdirSync(at).find((file) => file.endsWith('.node'));
    writeFileSync(join(at, addon), 'not an addon');
    const found = doctor([]);
    expect(found.status === 0 && /✗ native: .*does not load/.test(found.stdout), found);
    expect(device().name === 'wasm', found);
    const mended = doctor(['--build']);
    expect(mended.status === 0 && /built in/.test(mended.stdout) && device().name === 'native', mended);
  });
};
