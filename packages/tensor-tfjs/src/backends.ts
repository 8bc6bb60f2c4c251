// Loading TensorFlow.js: its packages are imported on demand, one backend a process, because its engine is one global.
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as tfTypes from '@tensorflow/tfjs-core';
import { TensorError } from '@ingot/tensor';

export type Tf = typeof tfTypes;
export type TfjsDeviceName = 'tfjs-wasm' | 'tfjs-cpu' | 'tensorflow' | 'tensorflow-gpu';

const require = createRequire(import.meta.url);
/** Packages are resolved from here and then from the working folder: the optional ones are the user's. */
const importPackage = async (name: string): Promise<unknown> => {
  for (const from of [require, createRequire(pathToFileURL(process.cwd() + sep))]) {
    try {
      return await import(pathToFileURL(from.resolve(name)).href);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  throw new TensorError('unavailable', name, {
    wanted: `the package ${name}`,
    got: 'none',
    try: `npm install ${name}`,
  });
};
const namespaceOf = (imported: unknown): Tf =>
  (imported as { default?: Tf }).default?.matMul ? (imported as { default: Tf }).default : (imported as Tf);

/** tfjs-node 4.22 calls a function that Node 24 took away. */
const restoreIsNullOrUndefined = (): void => {
  const util = require('node:util') as { isNullOrUndefined?: (value: unknown) => boolean };
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
};

interface Loader {
  readonly package: string;
  /** The backend's name inside TensorFlow.js. */
  readonly backend: string;
  load(): Promise<Tf>;
}
const core = async (): Promise<Tf> => namespaceOf(await importPackage('@tensorflow/tfjs-core'));
const nodeLoader = (name: string) => async (): Promise<Tf> => {
  restoreIsNullOrUndefined();
  return namespaceOf(await importPackage(name));
};

/** How each device gets its backend. */
export const LOADERS = {
  'tfjs-wasm': {
    package: '@tensorflow/tfjs-backend-wasm',
    backend: 'wasm',
    async load() {
      const tf = await core();
      const { setWasmPaths } = (await importPackage('@tensorflow/tfjs-backend-wasm')) as {
        setWasmPaths(folder: string): void;
      };
      setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm')) + sep);
      return tf;
    },
  },
  'tfjs-cpu': {
    package: '@tensorflow/tfjs-backend-cpu',
    backend: 'cpu',
    async load() {
      const tf = await core();
      await importPackage('@tensorflow/tfjs-backend-cpu');
      return tf;
    },
  },
  tensorflow: { package: '@tensorflow/tfjs-node', backend: 'tensorflow', load: nodeLoader('@tensorflow/tfjs-node') },
  'tensorflow-gpu': {
    package: '@tensorflow/tfjs-node-gpu',
    backend: 'tensorflow',
    load: nodeLoader('@tensorflow/tfjs-node-gpu'),
  },
} as const satisfies Record<TfjsDeviceName, Loader>;

let taken: TfjsDeviceName | undefined;

/**
 * TensorFlow.js with this device's backend ready. Throws TensorError `unavailable` when a package is missing or does not start, and
 * `bad-device` when this process has another of these devices already.
 */
export const loadTensorFlow = async (name: TfjsDeviceName): Promise<Tf> => {
  if (taken !== undefined && taken !== name)
    throw new TensorError('bad-device', name, {
      wanted: 'one TensorFlow.js backend a process',
      got: `'${taken}' is open already`,
      try: `run '${name}' in a process of its own`,
    });
  const { load, backend } = LOADERS[name];
  taken = name;
  try {
    const tf = await load();
    tf.enableProdMode();
    if (!(await tf.setBackend(backend))) throw new Error(`the backend '${backend}' did not start`);
    await tf.ready();
    return tf;
  } catch (error) {
    taken = undefined;
    if (error instanceof TensorError) throw error;
    throw new TensorError('unavailable', name, {
      wanted: `TensorFlow.js with the backend '${backend}'`,
      got: (error as Error).message.split('\n')[0]!,
      try: `reinstall ${LOADERS[name].package}`,
    });
  }
};

/** Whether the package is installed, without loading it. */
export const isInstalled = (name: TfjsDeviceName): boolean =>
  [require, createRequire(pathToFileURL(process.cwd() + sep))].some((from) => {
    try {
      return from.resolve(LOADERS[name].package) !== '';
    } catch {
      return false;
    }
  });
