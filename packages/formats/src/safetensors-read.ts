// Reads safetensors lazily: the header first, then any tensor, or a slice of one, by its range of bytes.
import { dtypes, isPlain, ownFloat32, toFloat32, toInt32 } from './dtypes.js';
import { FormatError } from './errors.js';
import { bytesReader, type ByteReader } from './reader.js';
import { headerLength, parseHeader, type SafetensorsHeader, type TensorEntry } from './safetensors-header.js';

/** An opened file. `start` and `count` are elements of the flat tensor; by default all of it. */
export interface SafetensorsFile extends SafetensorsHeader {
  /** Shape, dtype and place of a tensor. Throws `unknown-name`. */
  entry(name: string): TensorEntry;
  /** The raw bytes, little-endian. */
  bytes(name: string, start?: number, count?: number): Promise<Uint8Array>;
  /** The elements as f32, converted where the file holds F16, BF16, F64 or integers. */
  float32(name: string, start?: number, count?: number): Promise<Float32Array>;
  /** Fills `into` with the elements from `start` on, as f32; those of an F32 tensor come straight from the reader where it has `readInto`. */
  float32Into(name: string, into: Float32Array, start?: number): Promise<void>;
  /** The elements as i32; throws for floats and for numbers that do not fit. */
  int32(name: string, start?: number, count?: number): Promise<Int32Array>;
}

/** Opens bytes or a reader as safetensors. Throws `bad-file` for anything malformed, before a tensor is read. */
export async function openSafetensors(source: Uint8Array | ByteReader): Promise<SafetensorsFile> {
  const reader = source instanceof Uint8Array ? bytesReader(source) : source;
  const length = headerLength(await reader.read(0, Math.min(8, reader.size)), reader.size);
  const dataAt = 8 + length;
  const header = parseHeader(await reader.read(8, length), reader.size - dataAt);

  const numbers = reader.owned ? ownFloat32 : toFloat32;
  const entry = (name: string): TensorEntry => {
    const found = header.tensors.get(name);
    if (!found)
      throw new FormatError(
        'unknown-name',
        `There is no tensor '${name}'. Known: ${[...header.tensors.keys()].join(', ') || 'none'}.`,
      );
    return found;
  };
  /** Where elements lie in the file: [offset, length] in bytes. */
  const place = (name: string, start: number, count?: number): readonly [number, number] => {
    const { dtype, offset, bytes: all } = entry(name);
    const width = dtypes[dtype].bytes;
    const elements = all / width;
    const wanted = count ?? elements - start;
    if (!Number.isInteger(start) || !Number.isInteger(wanted) || start < 0 || wanted < 0 || start + wanted > elements)
      throw new FormatError(
        'bad-value',
        `Elements ${start} to ${start + wanted} of tensor '${name}' were asked for, but it has ${elements}.`,
      );
    return [dataAt + offset + start * width, wanted * width];
  };
  const bytes = async (name: string, start = 0, count?: number): Promise<Uint8Array> => {
    const [offset, wanted] = place(name, start, count);
    const read = await reader.read(offset, wanted);
    if (read.byteLength !== wanted)
      throw new FormatError(
        'bad-file',
        `Tensor '${name}': the reader gave ${read.byteLength} bytes, wanted ${wanted}.`,
      );
    return read;
  };
  const float32 = async (name: string, start?: number, count?: number): Promise<Float32Array> =>
    numbers(await bytes(name, start, count), entry(name).dtype, `Tensor '${name}'`);
  return {
    ...header,
    entry,
    bytes,
    float32,
    async float32Into(name, into, start = 0) {
      const [offset] = place(name, start, into.length);
      if (reader.readInto && isPlain(entry(name).dtype))
        await reader.readInto(offset, new Uint8Array(into.buffer, into.byteOffset, into.byteLength));
      else into.set(await float32(name, start, into.length));
    },
    int32: async (name, start, count) =>
      toInt32(await bytes(name, start, count), entry(name).dtype, `Tensor '${name}'`),
  };
}
