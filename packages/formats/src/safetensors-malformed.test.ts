// Every way in which a safetensors file can be malformed is refused, with the reason, before a tensor is read.
import { describe, expect, it } from 'vitest';
import { FormatError, openSafetensors, writeSafetensors } from './index.js';

const file = (header: unknown, data = new Uint8Array(8), length?: bigint): Uint8Array => {
  const text =
    typeof header === 'string'
      ? Buffer.from(header)
      : header instanceof Uint8Array
        ? Buffer.from(header)
        : Buffer.from(JSON.stringify(header));
  const out = Buffer.alloc(8 + text.length + data.length);
  out.writeBigUInt64LE(length ?? BigInt(text.length));
  text.copy(out, 8);
  out.set(data, 8 + text.length);
  return new Uint8Array(out);
};
const tensor = (begin: number, end: number, shape: unknown = [(end - begin) / 4], dtype: unknown = 'F32') => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

const cases: readonly (readonly [name: string, bytes: Uint8Array, message: RegExp])[] = [
  ['nothing', new Uint8Array(0), /has 0 bytes.*truncated/],
  ['seven bytes', new Uint8Array(7), /has 7 bytes/],
  ['a header above 100 MB', file('{}', new Uint8Array(0), 100_000_001n), /100000001 bytes, more than the 100000000/],
  ['a header length of 2^63', file('{}', new Uint8Array(0), 2n ** 63n), /9223372036854775808 bytes/],
  ['a header longer than the file', file('{}', new Uint8Array(0), 3n), /should have 3 bytes, but only 2 follow/],
  ['no JSON', file('not json'), /not JSON/],
  ['cut JSON', file('{"a":'), /not JSON/],
  ['bytes that are not UTF-8', file(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x30, 0x7d)), /not JSON/],
  ['a list for a header', file([]), /should be a JSON object/],
  [
    'a name twice',
    file(`{"a":${JSON.stringify(tensor(0, 4))},"a":${JSON.stringify(tensor(4, 8))}}`),
    /the name 'a' twice/,
  ],
  [
    'a name twice, spelled with an escape',
    file(`{"a":${JSON.stringify(tensor(0, 4))},"\\u0061":${JSON.stringify(tensor(4, 8))}}`),
    /the name 'a' twice/,
  ],
  [
    'a field twice',
    file('{"a":{"dtype":"F32","dtype":"I32","shape":[2],"data_offsets":[0,8]}}'),
    /the name 'dtype' twice/,
  ],
  ['a tensor that is no object', file({ a: 5 }), /'a' should be an object/],
  ['an unknown dtype', file({ a: tensor(0, 8, [2], 'F33') }), /dtype "F33", known are BOOL/],
  ['a dtype from Object.prototype', file({ a: tensor(0, 8, [2], 'toString') }), /dtype "toString"/],
  ['a negative size', file({ a: tensor(0, 8, [-2]) }), /shape \[-2\]/],
  ['a size that is no integer', file({ a: tensor(0, 8, [1.5]) }), /shape \[1.5\]/],
  ['three offsets', file({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 4, 8] } }), /data_offsets \[0,4,8\]/],
  ['offsets backwards', file({ a: tensor(8, 0, [2]) }), /bytes 8 to 0/],
  ['a tensor past the end', file({ a: tensor(0, 12) }), /bytes 0 to 12, but the file has 8/],
  ['a shape of another size', file({ a: tensor(0, 8, [3]) }), /takes 12 bytes, but its data_offsets give 8/],
  ['a shape that overflows', file({ a: tensor(0, 8, [2 ** 40, 2 ** 40]) }), /takes .* bytes, but/],
  ['tensors that overlap', file({ a: tensor(0, 8), b: tensor(4, 8) }), /'b' overlaps 'a'/],
  ['the same bytes twice', file({ a: tensor(0, 8), b: tensor(0, 8) }), /overlaps/],
  ['a hole', file({ a: tensor(0, 4), b: tensor(8, 12) }, new Uint8Array(12)), /bytes 4 to 8 belong to no tensor/],
  ['bytes after the last tensor', file({ a: tensor(0, 4) }), /last 4 bytes belong to no tensor/],
  ['metadata that is no text', file({ __metadata__: { a: 1 }, b: tensor(0, 8) }), /__metadata__ should hold texts/],
];

describe('malformed safetensors', () => {
  it.each(cases)('%s', async (_, bytes, message) => {
    const error: unknown = await openSafetensors(bytes).catch((thrown: unknown) => thrown);
    expect(FormatError.is(error)).toBe(true);
    expect((error as FormatError).code).toBe('bad-file');
    expect((error as FormatError).message).toMatch(message);
  });
  it('a good file cut anywhere, or with one byte more', async () => {
    const good = writeSafetensors({ a: { shape: [3], data: Float32Array.of(1, 2, 3) } });
    for (let length = 0; length < good.length; length++)
      await expect(openSafetensors(good.subarray(0, length))).rejects.toSatisfy((error) => FormatError.is(error));
    await expect(openSafetensors(new Uint8Array([...good, 0]))).rejects.toThrow(/last 1 bytes/);
    expect((await openSafetensors(good)).tensors.size).toBe(1);
  });
  it('names that are also in Object.prototype are names like others', async () => {
    const bytes = file(`{"__proto__":${JSON.stringify(tensor(0, 4))},"constructor":${JSON.stringify(tensor(4, 8))}}`);
    expect([...(await openSafetensors(bytes)).tensors.keys()]).toEqual(['__proto__', 'constructor']);
  });
});
