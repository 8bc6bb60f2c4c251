// What differs between Node and a browser: reading the modules, starting threads, counting cores.

/** A thread that runs one script with one message, and that nothing waits for. */
export interface Helper {
  terminate(): void;
}
interface Surroundings {
  readonly cores: number;
  /** Whether threads can share a memory here. */
  readonly threads: boolean;
  /** The bytes of a file of this package. */
  read(url: URL): Promise<Uint8Array<ArrayBuffer>>;
  start(script: string, message: unknown): Helper;
}

// `getBuiltinModule` and not `import`: nothing here names a module of Node's that a bundler for browsers would look for.
const inNode = (): Surroundings => {
  const { readFile } = process.getBuiltinModule('node:fs/promises');
  const { availableParallelism } = process.getBuiltinModule('node:os');
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  const { setFlagsFromString } = process.getBuiltinModule('node:v8');
  // Node 20 knows relaxed SIMD behind this flag; later ones know it, and the flag, already.
  if (Number(process.versions.node.split('.')[0]) < 22) setFlagsFromString('--experimental-wasm-relaxed-simd');
  return {
    cores: availableParallelism(),
    threads: true,
    read: async (url) => new Uint8Array(await readFile(url)),
    start(script, message) {
      const worker = new Worker(`(${script})(require('node:worker_threads').workerData)`, {
        eval: true,
        workerData: message,
      });
      worker.unref();
      return { terminate: () => void worker.terminate() };
    },
  };
};

const inBrowser = (): Surroundings => ({
  cores: navigator.hardwareConcurrency,
  threads: globalThis.crossOriginIsolated,
  async read(url) {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`${url.href}: the server answered ${answer.status} ${answer.statusText}.`);
    return new Uint8Array(await answer.arrayBuffer());
  },
  start(script, message) {
    const source = URL.createObjectURL(
      new Blob([`onmessage = ({ data }) => (${script})(data)`], { type: 'text/javascript' }),
    );
    const worker = new Worker(source);
    worker.postMessage(message, []); // nothing is handed over: the memory is shared
    return {
      terminate() {
        worker.terminate();
        URL.revokeObjectURL(source);
      },
    };
  },
});

/** Where this runs. */
export const surroundings = (): Surroundings =>
  typeof process === 'object' && typeof process.versions?.node === 'string' ? inNode() : inBrowser();
