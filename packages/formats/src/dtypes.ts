// Element types of safetensors and how their bytes become f32 or i32 numbers. Layout is little-endian, as the format says.
import { FormatError } from './errors.js';

interface Dtype {
  /** Bytes of one element. */
  readonly bytes: number;
  /** Place in Hugging Face's order of tensors in a file: higher comes first. */
  readonly order: number;
  /** The element at a byte offset; absent where the element is not a number we convert. */
  readonly get?: (view: DataView, offset: number) => number;
}

const half = (view: DataView, offset: number): number => {
  const bits = view.getUint16(offset, true);
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
};

const scratch = new DataView(new ArrayBuffer(4));
const brain = (view: DataView, offset: number): number => {
  scratch.setUint32(0, view.getUint16(offset, true) << 16);
  return scratch.getFloat32(0);
};

/** The order numbers follow the enumeration of the reference implementation (safetensors/src/tensor.rs). */
export const dtypes = {
  BOOL: { bytes: 1, order: 0, get: (view, at) => view.getUint8(at) },
  U8: { bytes: 1, order: 4, get: (view, at) => view.getUint8(at) },
  I8: { bytes: 1, order: 5, get: (view, at) => view.getInt8(at) },
  F8_E5M2: { bytes: 1, order: 6 },
  F8_E4M3: { bytes: 1, order: 7 },
  I16: { bytes: 2, order: 12, get: (view, at) => view.getInt16(at, true) },
  U16: { bytes: 2, order: 13, get: (view, at) => view.getUint16(at, true) },
  F16: { bytes: 2, order: 14, get: half },
  BF16: { bytes: 2, order: 15, get: brain },
  I32: { bytes: 4, order: 16, get: (view, at) => view.getInt32(at, true) },
  U32: { bytes: 4, order: 17, get: (view, at) => view.getUint32(at, true) },
  F32: { bytes: 4, order: 18, get: (view, at) => view.getFloat32(at, true) },
  F64: { bytes: 8, order: 20, get: (view, at) => view.getFloat64(at, true) },
  I64: { bytes: 8, order: 21, get: (view, at) => Number(view.getBigInt64(at, true)) },
  U64: { bytes: 8, order: 22, get: (view, at) => Number(view.getBigUint64(at, true)) },
} satisfies Record<string, Dtype>;

/** Names of the element types that a header may hold. */
export type DtypeName = keyof typeof dtypes;
/** Whether a word of a header is a dtype we know. */
export const isDtype = (name: unknown): name is DtypeName => typeof name === 'string' && Object.hasOwn(dtypes, name);

const getter = (dtype: DtypeName, where: string) => {
  const { get }: Dtype = dtypes[dtype];
  if (!get)
    throw new FormatError(
      'unsupported',
      `${where} is ${dtype}, which cannot be read as numbers here. Convert it to F32, F16 or BF16, or read its raw bytes.`,
    );
  return get;
};
/** True when the machine and the bytes allow a plain copy. */
const littleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** Whether elements of this dtype lie in a file as they do in a Float32Array of this machine. */
export const isPlain = (dtype: DtypeName): boolean => dtype === 'F32' && littleEndian;

/** Elements as f32: F32 bit for bit, F16 and BF16 exactly, F64 and integers rounded to the nearest. Throws `unsupported` for 8-bit floats. */
export function toFloat32(bytes: Uint8Array, dtype: DtypeName, where: string): Float32Array {
  if (isPlain(dtype)) return new Float32Array(Uint8Array.from(bytes).buffer);
  const get = getter(dtype, where);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const step = dtypes[dtype].bytes;
  return Float32Array.from({ length: bytes.byteLength / step }, (_, i) => get(view, i * step));
}

/** As toFloat32, of bytes that are the caller's own: F32 is read in place where it lies on a multiple of four, without a copy. */
export const ownFloat32 = (bytes: Uint8Array, dtype: DtypeName, where: string): Float32Array =>
  isPlain(dtype) && bytes.byteOffset % 4 === 0
    ? new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
    : toFloat32(bytes, dtype, where);

/** Elements as i32. Throws `unsupported` for what is not an integer type, and `bad-value` for one outside of i32. */
export function toInt32(bytes: Uint8Array, dtype: DtypeName, where: string): Int32Array {
  if (dtype === 'I32' && littleEndian) return new Int32Array(Uint8Array.from(bytes).buffer);
  if (/F/.test(dtype)) throw new FormatError('unsupported', `${where} is ${dtype}, wanted integers. Read it as f32.`);
  const get = getter(dtype, where);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const step = dtypes[dtype].bytes;
  const out = new Int32Array(bytes.byteLength / step);
  for (let i = 0; i < out.length; i++) {
    const value = get(view, i * step);
    out[i] = value;
    if (out[i] !== value)
      throw new FormatError('bad-value', `${where}, element ${i}, is ${value}, which does not fit i32.`);
  }
  return out;
}
