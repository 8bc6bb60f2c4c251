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

const inNode = async (): Promise<Surroundings> => {
  const [{ readFile }, { availableParallelism }, { Worker }, { setFlagsFromString }] = await Promise.all([
    import('node:fs/promises'),
    import('node:os'),
    import('node:worker_threads'),
    import('node:v8'),
  ]);
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
    worker.postMessage(message);
    return {
      terminate() {
        worker.terminate();
        URL.revokeObjectURL(source);
      },
    };
  },
});

/** Where this runs. */
export const surroundings = async (): Promise<Surroundings> =>
  typeof process === 'object' && typeof process.versions?.node === 'string' ? inNode() : inBrowser();
