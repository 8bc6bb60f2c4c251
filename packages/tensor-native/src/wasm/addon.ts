// The module as an addon: the same calls as N-API gives, over a WebAssembly memory.
import type { Addon } from '../addon.js';
import type { Helper } from './surroundings.js';

interface Exports {
  ints(): number;
  numbers(): number;
  kernelCount(): number;
  kernelName(index: number): number;
  run(): number;
  make(length: number): number;
  drop(handle: number): number;
  place(handle: number): number;
  length(handle: number): number;
  clear(handle: number): void;
  setThreads(threads: number): void;
  block(bytes: number): number;
  helpers(): number;
  help(): void;
  _initialize(): void;
  readonly __tls_size: WebAssembly.Global<'i32'>;
}
const STACK = 1 << 20;
/** Milliseconds that the start of a thread may take. */
const PATIENCE = 2000;

/** What a helper's thread runs: an instance on the same memory with a stack and thread-local data of its own. Self-contained, for it crosses as text. */
const helper = ({ module, memory, stack, local }: HelperMessage): void => {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  (exports['__stack_pointer'] as WebAssembly.Global<'i32'>).value = stack;
  (exports['__wasm_init_tls'] as (at: number) => void)(local);
  (exports['help'] as () => void)();
};
interface HelperMessage {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Its upper end. */
  readonly stack: number;
  readonly local: number;
}

export interface WasmAddon extends Addon {
  /** Resolves when all helpers are at work, or after a while: then the caller does without those that are late. */
  ready(): Promise<void>;
  dispose(): void;
}

/** The addon over an instance. `start` begins a helper's thread; helpers join whenever they are ready: no call waits for them. */
export const wasmAddon = (
  build: string,
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  start: (script: string, message: HelperMessage) => Helper,
): WasmAddon => {
  const exports = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Exports;
  exports._initialize();
  const [intsAt, numbersAt] = [exports.ints(), exports.numbers()];
  const helpers: Helper[] = [];

  // A memory that grows gives a new buffer; views of the old one end (or, shared, do not see the rest).
  let buffer: ArrayBufferLike | undefined;
  let ints!: Int32Array;
  let numbers!: Float64Array;
  const renew = (): void => {
    if (buffer === memory.buffer) return;
    buffer = memory.buffer;
    ints = new Int32Array(buffer, intsAt, 256);
    numbers = new Float64Array(buffer, numbersAt, 32);
  };
  const text = (at: number): string => {
    const bytes = new Uint8Array(memory.buffer);
    let end = at;
    while (bytes[end] !== 0) end++;
    return new TextDecoder().decode(bytes.slice(at, end));
  };
  return {
    get ints() {
      renew();
      return ints;
    },
    get numbers() {
      renew();
      return numbers;
    },
    run: () => exports.run(),
    make: (length) => (length * 4 < 2 ** 32 ? exports.make(length) : -1),
    drop: (handle) => exports.drop(handle) === 1,
    move(handle, data, offset, inward) {
      const at = exports.place(handle) >>> 0;
      if (at === 0 || offset < 0 || offset + data.length > exports.length(handle))
        throw new Error('a range outside of the array');
      const Type = data instanceof Int32Array ? Int32Array : Float32Array;
      const there = new Type(memory.buffer, at + offset * 4, data.length);
      if (inward) there.set(data);
      else data.set(there);
    },
    clear: (handle) => exports.clear(handle),
    open(wanted, threads) {
      const sets = [build];
      if (wanted !== '' && wanted !== build) return { sets, kernels: [] };
      exports.setThreads(threads);
      for (let i = helpers.length + 1; i < threads; i++) {
        const [stack, local] = [exports.block(STACK) >>> 0, exports.block(exports.__tls_size.value + 64) >>> 0];
        helpers.push(start(String(helper), { module, memory, stack: stack + STACK, local }));
      }
      const kernels = Array.from({ length: exports.kernelCount() }, (_, i) => text(exports.kernelName(i) >>> 0));
      return { set: build, sets, kernels };
    },
    async ready() {
      for (let waited = 0; exports.helpers() < helpers.length && waited < PATIENCE; waited += 2)
        await new Promise((resolve) => setTimeout(resolve, 2));
    },
    dispose() {
      for (const one of helpers) one.terminate();
    },
  };
};
