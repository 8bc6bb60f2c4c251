// The contract of a codec: what is read back is what was written, to the last bit, twice.
import { IngotError, type Codec, type Json } from '@ingot/core';
import { expect } from 'vitest';
import { registerChecks, type Check } from './check.js';
import { contentOf } from './content-of.js';
import { memoryBlobs, type MemoryBlobs } from './memory-blobs.js';

export interface CodecCase<Value> {
  readonly codec: Codec<Value>;
  /** Values by a word for each, made anew: small, empty, large, odd. */
  readonly values: Readonly<Record<string, () => Value>>;
  /** Values that must be refused when they are written, by a word for each. */
  readonly refused?: Readonly<Record<string, () => Value>>;
}

const write = async <Value>(codec: Codec<Value>, value: Value): Promise<MemoryBlobs & { readonly meta: Json }> => {
  const blobs = memoryBlobs();
  const meta = await codec.write(value, blobs.writer);
  return { ...blobs, meta: JSON.parse(JSON.stringify(meta)) as Json };
};
const hex = (content: ReadonlyMap<string, Uint8Array>) =>
  [...content].map(([name, bytes]) => [name, Buffer.from(bytes).toString('hex')]);

const checksOf = <Value>(codec: Codec<Value>, word: string, make: () => Value): readonly Check[] => [
  {
    name: `${word}: reads back what was written`,
    run: async () => {
      const { meta, reader } = await write(codec, make());
      const back = await codec.read(meta, reader);
      const wanted = await contentOf(make());
      expect(await contentOf(back)).toEqual(wanted);
      expect(await contentOf(back), 'a second reading of the same handle').toEqual(wanted);
    },
  },
  {
    name: `${word}: the description is plain JSON`,
    run: async () => {
      const meta = await codec.write(make(), memoryBlobs().writer);
      expect(JSON.parse(JSON.stringify(meta))).toStrictEqual(meta);
    },
  },
  {
    name: `${word}: what was read back is written as the same bytes`,
    run: async () => {
      const first = await write(codec, make());
      const second = await write(codec, await codec.read(first.meta, first.reader));
      expect(second.meta).toEqual(first.meta);
      expect(hex(second.content)).toEqual(hex(first.content));
    },
  },
];

/** The checks of a codec; `codecSuite` registers them. */
export const codecChecks = <Value>({ codec, values, refused = {} }: CodecCase<Value>): readonly Check[] => [
  ...Object.entries(values).flatMap(([word, make]) => checksOf(codec, word, make)),
  ...Object.entries(refused).map(([word, make]) => ({
    name: `${word}: is refused with a code`,
    run: async () => {
      const error: unknown = await write(codec, make()).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error, 'nothing was thrown').toBeDefined();
      expect(IngotError.is(error), `not an IngotError: ${String(error)}`).toBe(true);
    },
  })),
];

/** Registers the contract of a codec with vitest. */
export const codecSuite = <Value>(name: string, codecCase: CodecCase<Value>): void =>
  registerChecks(`codec ${name}`, codecChecks(codecCase));
