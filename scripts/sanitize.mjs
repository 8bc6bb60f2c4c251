// `npm run sanitize -- [address|thread] [--short]`: builds the addon with the compiler's sanitizers, beside the usual one, and runs the
// device contract, the fuzz cases and the tests of threads, rows and workers on it. Ends with code 1 on a finding, 3 where the compiler
// has no such sanitizer.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exitCode, root, run } from './lib/run.mjs';

/**
 * For each kind: its flags; the runtimes that a Node which was built without them must load first; their options. Leaks are not looked
 * for: V8 leaves its own at exit, and the tests count arrays. Threads are watched only where the code is ours.
 */
const KINDS = {
  address: {
    flags: ['-fsanitize=address,undefined', '-fno-omit-frame-pointer', '-DINGOT_SEPARATE_ARRAYS'],
    runtimes: ['libasan.so', 'libubsan.so'],
    options: (log) => ({
      ASAN_OPTIONS: `detect_leaks=0:use_sigaltstack=0:log_path=${log}`,
      UBSAN_OPTIONS: `print_stacktrace=1:log_path=${log}`,
    }),
  },
  thread: {
    flags: ['-fsanitize=thread'],
    runtimes: ['libtsan.so'],
    options: (log) => ({
      TSAN_OPTIONS: `ignore_noninstrumented_modules=1:report_signal_unsafe=0:log_path=${log}`,
    }),
  },
};
const TESTS = [
  ...['device', 'two-devices', 'limits', 'arena'].map((name) => `packages/tensor-native/src/${name}.test.ts`),
  ...['fuzz', 'threads', 'rows', 'workers'].map((name) => `tests/engine/${name}.test.ts`),
];
/** What the slow suite has time for. */
const SHORT = [
  'packages/tensor-native/src/limits.test.ts',
  'tests/engine/fuzz.test.ts',
  'tests/engine/workers.test.ts',
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { short: { type: 'boolean', default: false } },
});
const names = positionals.length > 0 ? positionals : Object.keys(KINDS);
const unknown = names.filter((name) => !Object.hasOwn(KINDS, name));
if (unknown.length > 0) {
  console.error(`Unknown sanitizers: ${unknown.join(', ')}. Known: ${Object.keys(KINDS).join(', ')}.`);
  process.exit(2);
}

const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
await run(process.execPath, [tsc, '-b'], 'The build failed.');
const { compileAddon } = await import('../packages/tensor-native/dist/compile-addon.js');
const { unitsFor } = await import('../packages/tensor-native/dist/addon-units.js');
const { findCompiler } = await import('../packages/tensor-native/dist/compiler.js');
const sources = join(root, 'packages', 'tensor-native', 'native');

/** The runtimes' files; undefined where the compiler has not all of them. */
const runtimesOf = (compiler, { runtimes }) => {
  const paths = runtimes.map((name) =>
    spawnSync(compiler.command, [`-print-file-name=${name}`], { encoding: 'utf8' }).stdout.trim(),
  );
  return paths.every((path) => path.startsWith('/') && existsSync(path)) ? paths : undefined;
};

/** The addon with these flags, built again only when something changed. Throws an Error with the compiler's words. */
const build = async (compiler, name, flags) => {
  const more = ['-O2', '-g1', ...flags];
  const folder = join(root, 'packages', 'tensor-native', 'build', `sanitize-${name}`);
  const [output, stampFile] = [join(folder, 'ingot.node'), join(folder, 'stamp')];
  const hash = createHash('sha256').update(JSON.stringify([compiler, more, unitsFor(process.arch)]));
  for (const file of readdirSync(sources).sort()) hash.update(file).update(readFileSync(join(sources, file)));
  const stamp = hash.digest('hex');
  if (existsSync(output) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return output;
  mkdirSync(folder, { recursive: true });
  const place = mkdtempSync(join(folder, 'objects-'));
  try {
    const fault = await compileAddon({
      command: [compiler.command],
      arch: process.arch,
      link: ['-shared', '-lpthread'],
      more,
      place,
      output: join(place, 'ingot.node'),
    });
    if (fault !== undefined) throw new Error(fault);
    renameSync(join(place, 'ingot.node'), output);
    writeFileSync(stampFile, stamp);
    return output;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
};

const compiler = findCompiler();
let broken = false;
for (const name of names) {
  const runtimes = compiler && runtimesOf(compiler, KINDS[name]);
  if (!runtimes) {
    console.log(
      `sanitize ${name}: ${compiler ? `${compiler.version} has no ${KINDS[name].runtimes.join(', ')}` : 'no C++17 compiler was found'}`,
    );
    process.exit(3);
  }
  const began = performance.now();
  const addon = await build(compiler, name, KINDS[name].flags);
  const built = performance.now();
  const logs = mkdtempSync(join(tmpdir(), `ingot-sanitize-${name}-`));
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const code = await exitCode(
    process.execPath,
    [vitest, 'run', '--testTimeout=600000', ...(values.short ? SHORT : TESTS)],
    {
      INGOT_ADDON: addon,
      INGOT_BUILDS: 'native',
      LD_PRELOAD: runtimes.join(':'),
      ...KINDS[name].options(join(logs, 'finding')),
    },
  );
  const findings = readdirSync(logs).map((file) => readFileSync(join(logs, file), 'utf8'));
  for (const finding of findings) console.log(finding);
  console.log(
    `sanitize ${name}: ${findings.length} findings, tests ${code === 0 ? 'passed' : 'failed'}; built in ${((built - began) / 1000).toFixed(0)} s, ran in ${((performance.now() - built) / 1000).toFixed(0)} s.`,
  );
  rmSync(logs, { recursive: true });
  broken ||= code !== 0 || findings.length > 0;
}
process.exit(broken ? 1 : 0);
