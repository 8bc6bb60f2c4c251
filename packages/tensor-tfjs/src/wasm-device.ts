// The device `tfjs-wasm`: TensorFlow.js multiplies matrices in WebAssembly, everything else is plain TypeScript on host arrays.
// Measured (docs/decisions/0007): a step composed of TensorFlow.js's own WASM ops takes several times as long, because each op is a
// call, a copy of shapes and a pass over memory.
import { referenceDevice, type Device, type Kernels, type MatmulSpec } from '@ingot/tensor';
import { loadTensorFlow, type Tf } from './backends.js';

/** Below this many multiplications the copies into WebAssembly cost more than they save. */
const WORTH_IT = 30_000;

/** The transpose of (rows, columns), copied: TensorFlow.js's WASM product is fast only for operands as they lie. */
const transposed = (x: Float32Array, rows: number, columns: number): Float32Array => {
  const y = new Float32Array(x.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) y[c * rows + r] = x[r * columns + c]!;
  return y;
};

const product = (
  tf: Tf,
  a: Float32Array,
  b: Float32Array,
  { batch, m, n, k, transposeA, transposeB, sharedB = false }: MatmulSpec,
): Float32Array => {
  const out = new Float32Array(batch * m * n);
  for (let s = 0; s < batch; s++) {
    const left = a.subarray(s * m * k, (s + 1) * m * k);
    const right = sharedB ? b : b.subarray(s * k * n, (s + 1) * k * n);
    tf.tidy(() => {
      const A = tf.tensor2d(transposeA ? transposed(left, k, m) : left, [m, k]);
      const B = tf.tensor2d(transposeB ? transposed(right, n, k) : right, [k, n]);
      out.set(tf.matMul(A, B).dataSync(), s * m * n);
    });
  }
  return out;
};

/** The device. Throws as `loadTensorFlow` does. */
export const wasmDevice = async (): Promise<Device> => {
  const tf = await loadTensorFlow('tfjs-wasm');
  const plain = referenceDevice();
  // The loss composes from blocks of `matmul`: its plain kernel would multiply in TypeScript.
  const {
    linear: _linear,
    linearCrossEntropy: _forward,
    linearCrossEntropyBackward: _backward,
    ...kernels
  }: Partial<Kernels> = plain.kernels;
  return {
    ...plain,
    name: 'tfjs-wasm',
    about: `tfjs-wasm, TensorFlow.js ${tf.version_core}: matrix products in WebAssembly, plain TypeScript elsewhere, one thread`,
    rowInvariant: false,
    kernels,
    matmul(spec) {
      const { a, b, m, n, k, into } = spec;
      if (m * n * k < WORTH_IT) return plain.matmul(spec);
      const made = plain.upload(
        product(tf, plain.download(a) as Float32Array, plain.download(b) as Float32Array, spec),
      );
      if (into === undefined) return made;
      plain.accumulate(into, made, 1);
      plain.free(made);
      return into;
    },
  };
};
