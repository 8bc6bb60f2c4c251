// Matrix products by XNNPACK inside TensorFlow.js's WebAssembly module: out (m, n) = a (m, k) · b (k, n), row-major, by pointer.
import { TensorError } from '@ingot/tensor';
import type { WasmModule } from './module.js';

// Written where the first result will be: XNNPACK reports a failure only as a warning and leaves the output untouched.
const UNTOUCHED = 0x7fc5a5a5;
const [A, OUT, FIRST_B] = [1, 2, 3];
const LINEAR = 0;

/** A right-hand matrix that stays packed from its first product until it is released; what it was made of may be freed or changed meanwhile. */
export interface Packed {
  readonly k: number;
  readonly n: number;
  readonly id: number;
  /** Elements at `pointer` are read by the first product only. */
  readonly bias: number;
}

/** XNNPACK's fully connected operator, through the kernel `_FusedMatMul`. It caches by tensor number, so numbers are never used twice for different content. */
export class Gemm {
  private readonly kernel: (...values: number[]) => void;
  private readonly shapes: number;
  private nextId = FIRST_B;

  constructor(private readonly module: WasmModule) {
    this.kernel = module.cwrap(
      '_FusedMatMul',
      null,
      Array.from({ length: 13 }, () => 'number' as const),
    );
    this.shapes = module._malloc(6 * 4) >>> 0;
  }

  /** Announces b (k, n) at `pointer`, with a bias (n) where `biasPointer` is not 0. */
  pack(pointer: number, k: number, n: number, biasPointer = 0): Packed {
    const id = this.nextId++;
    this.module.tfjs.registerTensor(id, k * n, pointer);
    const bias = biasPointer === 0 ? 0 : this.nextId++;
    if (bias !== 0) this.module.tfjs.registerTensor(bias, n, biasPointer);
    return { k, n, id, bias };
  }

  /** out = a · b + bias. Each row's sum runs over k in one order, whatever m and n are. */
  multiply(a: number, b: Packed, out: number, m: number): void {
    const { module } = this;
    module.tfjs.registerTensor(A, m * b.k, a);
    module.tfjs.registerTensor(OUT, m * b.n, out);
    module.HEAP32.set([1, m, b.k, 1, b.k, b.n], this.shapes >>> 2);
    module.HEAP32[out >>> 2] = UNTOUCHED;
    this.kernel(A, this.shapes, 3, b.id, this.shapes + 12, 3, 0, 0, LINEAR, b.bias, 0, 0, OUT);
    module.tfjs.disposeData(A);
    module.tfjs.disposeData(OUT);
    if (module.HEAP32[out >>> 2] === UNTOUCHED) {
      throw new TensorError('bad-device', 'matmul', {
        wanted: `(${m}, ${b.k}) · (${b.k}, ${b.n}) from XNNPACK`,
        got: 'nothing: the WebAssembly heap is full',
        try: 'a smaller batch or model',
      });
    }
  }

  /** Frees the packed copy. */
  release(b: Packed): void {
    this.module.tfjs.disposeData(b.id);
    if (b.bias !== 0) this.module.tfjs.disposeData(b.bias);
  }

  /** One product with a matrix that is used once. */
  once(a: number, b: number, out: number, m: number, n: number, k: number): void {
    const packed = this.pack(b, k, n);
    try {
      this.multiply(a, packed, out, m);
    } finally {
      this.release(packed);
    }
  }
}
