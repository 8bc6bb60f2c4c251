// Safetensors against files that Hugging Face's implementation wrote: read to the last bit, written back to the same bytes.
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  bytesReader,
  fileReader,
  openSafetensors,
  safetensorsSize,
  streamSafetensors,
  writeSafetensors,
  type TensorToWrite,
} from './index.js';

/** Made by bench/peers/safetensors_fixture.py with safetensors 0.8.0. */
const fixture = new Uint8Array(readFileSync(new URL('./fixtures/python.safetensors', import.meta.url)));
const gpt2 = fileURLToPath(new URL('../../../tests/data/tiny-random-gpt2/model.safetensors', import.meta.url));

const rawTensors = async (bytes: Uint8Array) => {
  const file = await openSafetensors(bytes);
  const tensors: Record<string, TensorToWrite & { data: Uint8Array }> = {};
  for (const [name, { dtype, shape }] of file.tensors) tensors[name] = { dtype, shape, data: await file.bytes(name) };
  return { tensors, metadata: file.metadata };
};
const joined = async (chunks: AsyncIterable<Uint8Array>) => {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk.slice());
  return new Uint8Array(Buffer.concat(parts));
};

it('numbers of a file stand in the bytes that were read for them; those of bytes in memory are copies', async () => {
  const reader = bytesReader(fixture.slice());
  const lent: Uint8Array[] = [];
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    lent.push((await reader.read(offset, length)).slice());
    return lent.at(-1)!;
  };
  const mine = await (await openSafetensors({ size: reader.size, owned: true, read })).float32('weight');
  expect(mine.buffer).toBe(lent.at(-1)!.buffer);
  const copy = await (await openSafetensors({ size: reader.size, read })).float32('weight');
  expect(copy.buffer).not.toBe(lent.at(-1)!.buffer);
  expect(copy).toEqual(mine);
});

it('a tensor given in pieces is written as one given whole, and refused when pieces are missing', async () => {
  const data = Float32Array.from({ length: 12 }, (_, i) => i / 3);
  const of = (...ends: number[]) =>
    streamSafetensors({
      x: {
        shape: [3, 4],
        async *data() {
          for (const [i, end] of ends.entries()) yield data.subarray(ends[i - 1] ?? 0, end);
        },
      },
    });
  expect(await joined(of(5, 5, 12))).toEqual(writeSafetensors({ x: { shape: [3, 4], data } }));
  await expect(joined(of(5, 11))).rejects.toThrow(/should have 48 bytes by its shape, its data has 44/);
});

describe('a file that Python wrote', () => {
  it('is read to the last bit, every dtype', async () => {
    const file = await openSafetensors(fixture);
    expect(file.metadata).toEqual({ format: 'np' });
    expect(file.entry('weight')).toMatchObject({ dtype: 'F32', shape: [2, 3], bytes: 24 });
    expect([...(await file.float32('weight'))]).toEqual([0, -0, 1.5, Math.fround(3.4028235e38), 2 ** -149, -2]);
    expect([...(await file.float32('half'))]).toEqual([0, -0, 1, 65504, 2 ** -24, -0.333251953125, Infinity, NaN]);
    expect([...(await file.float32('double'))]).toEqual([Math.fround(0.1), -Infinity]);
    expect([...(await file.int32('ids'))]).toEqual([-2147483648, 2147483647, 7]);
    expect([...(await file.int32('long'))]).toEqual([-5, 2147483647]);
    expect([...(await file.int32('bytes'))]).toEqual([0, 255]);
    expect([...(await file.float32('flags'))]).toEqual([1, 0]);
    expect(file.entry('scalar').shape).toEqual([]);
    expect((await file.float32('empty')).length).toBe(0);
    expect([...(await file.float32('naïve'))]).toEqual([1, 1]);
  });
  it('is written back to the same bytes, in memory and as a stream', async () => {
    for (const bytes of [fixture, new Uint8Array(readFileSync(gpt2))]) {
      const { tensors, metadata } = await rawTensors(bytes);
      expect(Buffer.compare(writeSafetensors(tensors, metadata), bytes)).toBe(0);
      expect(
        Buffer.compare(await joined(streamSafetensors(new Map(Object.entries(tensors).toReversed()), metadata)), bytes),
      ).toBe(0);
      expect(safetensorsSize(tensors, metadata)).toBe(bytes.length);
    }
  });
});

describe('reading by slices', () => {
  it('asks the reader for the header and for that slice only', async () => {
    const asked: [number, number][] = [];
    const inner = bytesReader(fixture);
    const file = await openSafetensors({
      size: inner.size,
      read: (offset, length) => (asked.push([offset, length]), inner.read(offset, length)),
    });
    expect([...(await file.float32('weight', 2, 3))]).toEqual([1.5, Math.fround(3.4028235e38), 2 ** -149]);
    expect(asked.length).toBe(3);
    expect(asked[2]![1]).toBe(12);
  });
  it('reads a file on disk, and refuses what is not there', async () => {
    const reader = await fileReader(gpt2);
    const file = await openSafetensors(reader);
    expect([...file.tensors.values()].reduce((sum, { bytes }) => sum + bytes, 0)).toBe(
      reader.size - 8 - new DataView(readFileSync(gpt2).buffer, 0).getUint32(0, true),
    );
    await expect(file.float32('none')).rejects.toThrow(/no tensor 'none'\. Known: /);
    const name = [...file.tensors.keys()][0]!;
    await expect(file.float32(name, 1e9, 1)).rejects.toThrow(/it has \d+/);
    await expect(file.bytes(name, -1)).rejects.toThrow(/Elements -1/);
    await expect(reader.read(reader.size - 1, 2)).rejects.toThrow(/ended at byte/);
    await reader.close();
  });
  it('refuses to round: integers out of i32, floats as integers', async () => {
    const bytes = writeSafetensors({
      big: { shape: [1], dtype: 'I64', data: new Uint8Array(BigInt64Array.of(2n ** 40n).buffer) },
      f: { shape: [1], data: Float32Array.of(1) },
    });
    const file = await openSafetensors(bytes);
    await expect(file.int32('big')).rejects.toThrow(/element 0, is 1099511627776/);
    await expect(file.int32('f')).rejects.toThrow(/wanted integers/);
  });
  it('reads bf16 exactly', async () => {
    const file = await openSafetensors(
      writeSafetensors({ b: { shape: [3], dtype: 'BF16', data: Uint8Array.of(0x80, 0x3f, 0x49, 0xc0, 0x01, 0x00) } }),
    );
    expect([...(await file.float32('b'))]).toEqual([1, -3.140625, 2 ** -133]);
  });
});

describe('writing', () => {
  it('round-trips f32 and i32 to the bit, NaN payloads too, and asks for data one tensor at a time', async () => {
    const data = new Float32Array(Uint32Array.of(0x7fc12345, 0x80000000, 0x00000001).buffer);
    const order: string[] = [];
    const bytes = await joined(
      streamSafetensors(
        {
          z: { shape: [3], data: () => (order.push('z'), data) },
          a: { shape: [1, 2], dtype: 'I32', data: async () => (order.push('a'), Int32Array.of(-1, 2)) },
        },
        { note: '{"a":1}' },
      ),
    );
    expect(order).toEqual(['z', 'a']);
    const file = await openSafetensors(bytes);
    expect(new Uint32Array((await file.float32('z')).buffer)).toEqual(new Uint32Array(data.buffer));
    expect([...(await file.int32('a'))]).toEqual([-1, 2]);
    expect(file.metadata).toEqual({ note: '{"a":1}' });
    expect((new DataView(bytes.buffer).getUint32(0, true) + 8) % 8).toBe(0);
  });
  it('refuses data that does not match its shape or dtype, and metadata that is no text', () => {
    expect(() => writeSafetensors({ a: { shape: [2], data: Float32Array.of(1) } })).toThrow(
      /'a' should have 8 bytes by its shape, its data has 4/,
    );
    expect(() => writeSafetensors({ a: { shape: [1], dtype: 'I32', data: Float32Array.of(1) } })).toThrow(
      /declared I32, but its data is a Float32Array/,
    );
    expect(() => writeSafetensors({ a: { shape: [-1], data: Float32Array.of(1) } })).toThrow(/shape \[-1\]/);
    expect(() => writeSafetensors({ __metadata__: { shape: [0], data: new Float32Array(0) } })).toThrow(
      /keeps that name/,
    );
    expect(() => writeSafetensors({}, { a: 1 as unknown as string })).toThrow(/Metadata 'a' is a number/);
  });

  const python = [process.env['INGOT_PYTHON'] ?? 'python3', 'python3'].find(
    (path) => spawnSync(path, ['-c', 'import safetensors.numpy']).status === 0,
  );
  if (!python) console.log('skipped: Python reads our file (no python3 with safetensors and numpy here)');
  it.skipIf(!python)('is opened by Python', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'ingot-formats-')), 'ours.safetensors');
    writeFileSync(
      path,
      writeSafetensors(
        { x: { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }, n: { shape: [], data: Int32Array.of(9) } },
        { made: 'here' },
      ),
    );
    const script = `import sys;from safetensors import safe_open\nwith safe_open(sys.argv[1],'np') as f: print(f.metadata(), f.get_tensor('x').tolist(), f.get_tensor('n').tolist())`;
    const { stdout, stderr } = spawnSync(python!, ['-c', script, path], { encoding: 'utf8' });
    expect({ stdout: stdout.trim(), stderr }).toEqual({
      stdout: "{'made': 'here'} [[1.0, 2.0], [3.0, 4.0]] 9",
      stderr: '',
    });
    expect(existsSync(path)).toBe(true);
  });
});
