// How an artifact's value becomes stored content and comes back: a codec writes named blobs and a little JSON, and reads handles from them.

/** What JSON can hold exactly. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Takes the named blobs of one artifact while it is written; content is streamed, never held whole. */
export interface BlobWriter {
  /** Stores one blob under a name that is unique within the artifact. */
  put(name: string, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<void>;
}

/** Reads the named blobs of one artifact, whole or by slices. An unknown name gives `unknown-name`. */
export interface BlobReader {
  /** Bytes in the blob. */
  size(name: string): number;
  /** Bytes [offset, offset + length), the caller's own to keep and change; to the end when `length` is left out. */
  read(name: string, offset?: number, length?: number): Promise<Uint8Array>;
  /** Fills `into` with the bytes from `offset` on, so that one array serves for a whole blob. */
  readInto(name: string, into: Uint8Array, offset?: number): Promise<void>;
  /** As `read`, without leaving the caller's step. */
  readSync(name: string, offset?: number, length?: number): Uint8Array;
  /** The whole blob in order, in pieces. */
  stream(name: string): AsyncIterable<Uint8Array>;
  /** sha256 of the blob's content, in hexadecimal. */
  digest(name: string): string;
}

/** Writes a value and reads it back as a read-only handle; what `read` gives must not need the written value. */
export interface Codec<Value> {
  write(value: Value, to: BlobWriter): Promise<Json>;
  read(meta: Json, from: BlobReader): Promise<Value>;
}
