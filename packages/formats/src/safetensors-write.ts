// Writes safetensors as the reference implementation does, byte for byte: tensors by dtype (widest first), then by name; header padded to eight bytes.
import { dtypes, type DtypeName } from './dtypes.js';
import { FormatError } from './errors.js';

/** Elements as f32 or i32, or the raw little-endian bytes of a `dtype`. */
export type TensorData = Float32Array | Int32Array | Uint8Array;
/** One tensor to write. `data` may be a function, called when its turn comes, so that only one tensor is in memory; what it gives may be the elements in pieces, in order. */
export interface TensorToWrite {
  readonly shape: readonly number[];
  /** By default F32. Data of another array type must match it. */
  readonly dtype?: DtypeName;
  readonly data: TensorData | (() => TensorData | Promise<TensorData> | AsyncIterable<TensorData>);
}
/** Tensors by name. */
export type TensorsToWrite = Readonly<Record<string, TensorToWrite>> | ReadonlyMap<string, TensorToWrite>;

interface Placed {
  readonly name: string;
  readonly dtype: DtypeName;
  readonly bytes: number;
  readonly tensor: TensorToWrite;
}
const dtypeOf = ({ dtype, data }: TensorToWrite): DtypeName => dtype ?? (data instanceof Int32Array ? 'I32' : 'F32');
const byName = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

function place(tensors: TensorsToWrite): Placed[] {
  const given =
    tensors instanceof Map
      ? [...(tensors as ReadonlyMap<string, TensorToWrite>)]
      : Object.entries(tensors as Readonly<Record<string, TensorToWrite>>);
  const placed = given.map(([name, tensor]): Placed => {
    const { shape } = tensor;
    if (name === '__metadata__')
      throw new FormatError('bad-value', "A tensor may not be named '__metadata__': the format keeps that name.");
    if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0))
      throw new FormatError(
        'bad-value',
        `Tensor '${name}' has shape [${shape.join(', ')}], wanted whole numbers from 0.`,
      );
    const dtype = dtypeOf(tensor);
    return { name, dtype, bytes: shape.reduce((product, size) => product * size, dtypes[dtype].bytes), tensor };
  });
  return placed.toSorted((a, b) => dtypes[b.dtype].order - dtypes[a.dtype].order || byName(a.name, b.name));
}

function header(placed: readonly Placed[], metadata: Readonly<Record<string, string>> | undefined): Uint8Array {
  for (const [name, text] of Object.entries(metadata ?? {}))
    if (typeof text !== 'string')
      throw new FormatError(
        'bad-value',
        `Metadata '${name}' is a ${typeof text}, wanted a text: the format holds nothing else. JSON.stringify it.`,
      );
  let at = 0;
  const entries: string[] =
    metadata && Object.keys(metadata).length ? [`"__metadata__":${JSON.stringify(metadata)}`] : [];
  for (const { name, dtype, bytes, tensor } of placed)
    entries.push(
      `${JSON.stringify(name)}:${JSON.stringify({ dtype, shape: tensor.shape, data_offsets: [at, (at += bytes)] })}`,
    );
  const text = Buffer.from(`{${entries.join(',')}}`);
  const padded = Math.ceil(text.byteLength / 8) * 8;
  const out = new Uint8Array(8 + padded).fill(0x20);
  new DataView(out.buffer).setBigUint64(0, BigInt(padded), true);
  out.set(text, 8);
  return out;
}

const wrongArray = (dtype: DtypeName, data: TensorData): boolean =>
  (data instanceof Float32Array && dtype !== 'F32') || (data instanceof Int32Array && dtype !== 'I32');
function bytesOf({ name, dtype }: Placed, data: TensorData): Uint8Array {
  if (wrongArray(dtype, data))
    throw new FormatError(
      'bad-value',
      `Tensor '${name}' is declared ${dtype}, but its data is a ${data.constructor.name}. Give matching data, or raw bytes as a Uint8Array.`,
    );
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
function checkSize({ name, bytes }: Placed, got: number): void {
  if (got !== bytes)
    throw new FormatError(
      'bad-value',
      `Tensor '${name}' should have ${bytes} bytes by its shape, its data has ${got}.`,
    );
}
function content(one: Placed, data: TensorData): Uint8Array {
  const bytes = bytesOf(one, data);
  checkSize(one, bytes.byteLength);
  return bytes;
}

/** The file as a stream: the header, then a chunk for each tensor or piece of one. Throws `bad-value` for data that does not match its shape. Views of the given arrays are yielded, not copies. */
export async function* streamSafetensors(
  tensors: TensorsToWrite,
  metadata?: Readonly<Record<string, string>>,
): AsyncGenerator<Uint8Array, void, void> {
  const placed = place(tensors);
  yield header(placed, metadata);
  for (const one of placed) {
    const { data } = one.tensor;
    const given = typeof data === 'function' ? data() : data;
    const pieces = Symbol.asyncIterator in given ? given : [content(one, await given)];
    let count = 0;
    for await (const piece of pieces) {
      const bytes = bytesOf(one, piece);
      count += bytes.byteLength;
      if (bytes.byteLength) yield bytes;
    }
    checkSize(one, count);
  }
}

/** Bytes that the file will have, without any data at hand. */
export function safetensorsSize(tensors: TensorsToWrite, metadata?: Readonly<Record<string, string>>): number {
  const placed = place(tensors);
  return placed.reduce((sum, { bytes }) => sum + bytes, header(placed, metadata).byteLength);
}

/** The whole file in memory. */
export function writeSafetensors(
  tensors: Readonly<Record<string, TensorToWrite & { readonly data: TensorData }>>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array {
  const placed = place(tensors);
  const chunks = [header(placed, metadata), ...placed.map((one) => content(one, one.tensor.data as TensorData))];
  const out = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.byteLength;
  }
  return out;
}
