// The header of a safetensors file: eight bytes of length, then JSON. Every rule of the reference implementation is checked before a tensor is read.
// Source: github.com/huggingface/safetensors, README "Format" and safetensors/src/tensor.rs.
import { dtypes, isDtype, type DtypeName } from './dtypes.js';
import { FormatError } from './errors.js';
import { duplicateKey } from './json-keys.js';

/** Where one tensor lies: `offset` and `bytes` count from the first byte after the header. */
export interface TensorEntry {
  readonly dtype: DtypeName;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly bytes: number;
}
/** A header that was checked whole. */
export interface SafetensorsHeader {
  readonly metadata: Readonly<Record<string, string>>;
  /** By name, in the header's order. */
  readonly tensors: ReadonlyMap<string, TensorEntry>;
}

/** The reference implementation refuses longer headers, so that a wrong length cannot ask for gigabytes. */
export const longestHeader = 100_000_000;

const bad = (message: string): never => {
  throw new FormatError('bad-file', `Not a readable safetensors file: ${message}`);
};
const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const show = (value: unknown): string => JSON.stringify(value)?.slice(0, 80) ?? String(value);

/** The header's length from the file's first eight bytes. Throws `bad-file` when the length cannot be right for a file of this size. */
export function headerLength(firstEight: Uint8Array, fileSize: number): number {
  if (firstEight.byteLength < 8)
    bad(`it has ${fileSize} bytes, and the length of the header alone takes 8. Is it truncated?`);
  const length = new DataView(firstEight.buffer, firstEight.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(longestHeader))
    bad(
      `its first 8 bytes say that the header has ${length} bytes, more than the ${longestHeader} allowed. Is it another kind of file?`,
    );
  if (length > BigInt(fileSize - 8))
    bad(`its header should have ${length} bytes, but only ${fileSize - 8} follow. Is it truncated?`);
  return Number(length);
}

/** Checks one entry of the header against its own arithmetic and the size of the data. */
function entry(name: string, value: unknown, dataSize: number): TensorEntry {
  const where = `tensor '${name}'`;
  if (typeof value !== 'object' || value === null)
    return bad(`${where} should be an object with dtype, shape and data_offsets, got ${show(value)}.`);
  const { dtype, shape, data_offsets: offsets } = value as Record<string, unknown>;
  if (!isDtype(dtype)) return bad(`${where} has dtype ${show(dtype)}, known are ${Object.keys(dtypes).join(', ')}.`);
  if (!Array.isArray(shape) || !shape.every(isCount))
    return bad(`${where} has shape ${show(shape)}, wanted a list of whole numbers from 0.`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount))
    return bad(`${where} has data_offsets ${show(offsets)}, wanted two whole numbers.`);
  const [begin, end] = offsets as [number, number];
  if (begin > end || end > dataSize)
    bad(`${where} lies at bytes ${begin} to ${end}, but the file has ${dataSize} bytes of data. Is it truncated?`);
  const wanted = (shape as number[]).reduce((product, size) => product * size, dtypes[dtype].bytes);
  if (wanted !== end - begin)
    bad(
      `${where} of ${dtype} and shape [${shape.join(', ')}] takes ${wanted} bytes, but its data_offsets give ${end - begin}.`,
    );
  return { dtype, shape: shape as number[], offset: begin, bytes: end - begin };
}

/** Parses and checks a header. Throws `bad-file` for bad UTF-8 or JSON, a name twice, an unknown dtype, and tensors that overlap, leave holes or run past the data. */
export function parseHeader(header: Uint8Array, dataSize: number): SafetensorsHeader {
  let text = '';
  let json: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header);
    json = JSON.parse(text);
  } catch (error) {
    bad(`its header is not JSON (${(error as Error).message}).`);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return bad(`its header should be a JSON object, got ${show(json)}.`);
  const twice = duplicateKey(text);
  if (twice !== undefined) bad(`its header has the name '${twice}' twice.`);

  const { __metadata__: metadata = {}, ...rest } = json as Record<string, unknown>;
  if (
    typeof metadata !== 'object' ||
    metadata === null ||
    !Object.values(metadata).every((value) => typeof value === 'string')
  )
    bad('__metadata__ should hold texts by name.');
  const tensors = new Map(Object.entries(rest).map(([name, value]) => [name, entry(name, value, dataSize)]));

  let at = 0;
  let before = 'the start';
  for (const [name, { offset, bytes }] of [...tensors].toSorted(
    ([, a], [, b]) => a.offset - b.offset || a.bytes - b.bytes,
  )) {
    if (offset < at)
      bad(`tensor '${name}' overlaps '${before}': it begins at byte ${offset}, the other ends at ${at}.`);
    if (offset > at) bad(`bytes ${at} to ${offset} belong to no tensor (between '${before}' and '${name}').`);
    at = offset + bytes;
    before = name;
  }
  if (at !== dataSize) bad(`the last ${dataSize - at} bytes belong to no tensor.`);
  return { metadata: metadata as Record<string, string>, tensors };
}
