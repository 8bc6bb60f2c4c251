// `ingot doctor`: what this machine has, which devices can run here and why the others cannot, what the store holds.
import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { dirname } from 'node:path';
import pc from 'picocolors';
import { aboutDevice, listDevices } from '../devices.js';
import { EXIT } from '../exit-codes.js';
import { listRuns } from '../runs/folder.js';
import { lastMemory } from '../runs/memory.js';
import { storePath } from '../session.js';
import { bytes } from '../terminal/format.js';
import { machine, versions } from '../versions.js';
import { outJson, type AddCommand } from './app.js';
import { buildHere } from './doctor-build.js';

const SIMD = [
  'sse4_2',
  'avx',
  'avx2',
  'fma',
  'f16c',
  'avx512f',
  'avx512vl',
  'avx512_bf16',
  'avx512_vnni',
  'amx_tile',
  'asimd',
  'asimddp',
  'bf16',
];

/** Instruction sets as Linux lists them; elsewhere nothing is known. */
const simdFlags = (): string[] => {
  if (!existsSync('/proc/cpuinfo')) return [];
  const line =
    readFileSync('/proc/cpuinfo', 'utf8')
      .split('\n')
      .find((text) => /^(flags|Features)\s*:/.test(text)) ?? '';
  const flags = new Set(line.split(':')[1]?.trim().split(' ') ?? []);
  return SIMD.filter((flag) => flags.has(flag));
};

const nearestFolder = (path: string): string =>
  existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path));
const writable = (path: string): boolean => {
  try {
    const nearest = nearestFolder(path);
    accessSync(nearest, constants.W_OK);
    return statSync(nearest).isDirectory();
  } catch {
    return false;
  }
};

/** Adds `doctor`. */
export const addDoctor: AddCommand = (program, { io, plugins, end }) => {
  program
    .command('doctor')
    .description('what this machine has: node, cores, memory, instruction sets, devices with reasons, store, versions')
    .option('--store <dir>', 'the store (default .ingot)')
    .option('--build', "build the native kernels with this machine's C++ compiler, where no prebuilt ones fit")
    .option('--json', 'one JSON object')
    .action(async (options: { store?: string; build?: boolean; json?: boolean }) => {
      if (options.build) {
        const { works, line, ...found } = await buildHere(plugins, io.env);
        if (options.json) outJson(io, { works, ...found });
        else io.out(`${line}\n`);
        return end(works ? EXIT.ok : EXIT.failed);
      }
      const store = storePath(io, options.store);
      const disk = statfsSync(nearestFolder(store));
      const listed = await listDevices(plugins, io.env);
      const devices = await Promise.all(
        listed.map(async (row) => (row.chosen ? { ...row, about: await aboutDevice(plugins, row.name, io.env) } : row)),
      );
      const found = {
        node: process.versions.node,
        cores: availableParallelism(),
        memory: { total: totalmem(), free: freemem() },
        machine: machine(),
        simd: simdFlags(),
        devices,
        device: devices.find((device) => device.chosen)?.name,
        store: {
          path: store,
          exists: existsSync(store),
          writable: writable(store),
          free: disk.bavail * disk.bsize,
          runs: listRuns(store).length,
        },
        lastTraining: lastMemory(store) ?? null,
        versions: versions(),
        environment: Object.fromEntries(
          ['INGOT_DEVICE', 'INGOT_THREADS', 'INGOT_STORE'].flatMap((name) =>
            io.env[name] === undefined ? [] : [[name, io.env[name]]],
          ),
        ),
      };
      if (options.json) return outJson(io, found);
      const c = pc.createColors(io.colours);
      const line = (name: string, value: string) => io.out(`${c.dim(name.padEnd(12))} ${value}\n`);
      line('node', found.node);
      line('processor', `${found.machine['processor']}, ${found.cores} cores`);
      line('memory', `${bytes(found.memory.total)}, ${bytes(found.memory.free)} free`);
      line('simd', found.simd.join(' ') || 'unknown');
      line(
        'store',
        `${store}: ${found.store.writable ? `${found.store.runs} runs, ${bytes(found.store.free)} free` : c.red('not writable')}`,
      );
      const trained = found.lastTraining;
      if (trained?.predicted !== undefined && trained.measured !== undefined)
        line(
          'training',
          `peak of '${trained.stage}' in ${trained.run}: ${bytes(trained.predicted)} predicted, ${bytes(trained.measured)} measured`,
        );
      for (const device of devices)
        line(
          device === devices[0] ? 'devices' : '',
          `${device.refusal === undefined ? c.green('✓') : c.red('✗')} ${device.name}${'about' in device ? `${c.cyan(' (chosen)')}: ${device.about}` : ''}${device.refusal === undefined ? '' : `: ${device.refusal}`}`,
        );
      line(
        'versions',
        Object.entries(found.versions)
          .map(([name, version]) => `${name} ${version}`)
          .join(', '),
      );
    });
};
