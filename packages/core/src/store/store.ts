// The contract of a store: small records by address, content by digest, locks by name. Everything else is built on these.
import type { Json } from '../codec.js';

/** Content in a store; spaces keep the blobs of checkpoints apart from those of artifacts. */
export interface BlobRef {
  /** sha256 in hexadecimal. */
  readonly digest: string;
  readonly bytes: number;
}
export interface BlobListing extends BlobRef {
  /** Milliseconds since 1970 of the last time it was written. */
  readonly written: number;
}
export type Content = Uint8Array | AsyncIterable<Uint8Array>;

/** Reads one blob; ranges must lie inside. */
export interface BlobHandle {
  readonly bytes: number;
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Fills `into` from `offset` on; a store without it reads and copies. */
  readInto?(offset: number, into: Uint8Array): Promise<void>;
  readSync(offset: number, length: number): Uint8Array;
  stream(): AsyncIterable<Uint8Array>;
}

export interface LockOptions {
  readonly signal?: AbortSignal;
  /** Called once when another holds the lock. */
  readonly onWait?: (holder: string) => void;
}

export interface Store {
  /** For messages. */
  readonly name: string;
  /** A folder that another process can open with `folderStore`; absent when content lives in this process alone. */
  readonly location?: string;
  /** Ready to be written; throws `newer-store`, `not-writable` or `disk-full` before any work. Reading needs no `open`. */
  open(): Promise<void>;

  /** The record at an address (words joined by slashes), or undefined. */
  get(address: string): Promise<Json | undefined>;
  /** Replaces the record as a whole, or not at all; durable when it returns. */
  put(address: string, record: Json): Promise<void>;
  remove(address: string): Promise<void>;
  /** Addresses below a prefix, sorted. */
  list(prefix: string): Promise<readonly string[]>;

  /** Streams content in; it is there as a whole, or not at all; durable when it returns. */
  putBlob(space: string, content: Content): Promise<BlobRef>;
  /** Throws `bad-store` when the content is not there. */
  blob(space: string, ref: BlobRef): Promise<BlobHandle>;
  removeBlob(space: string, digest: string): Promise<void>;
  /** Removes a space with all of its blobs. */
  removeSpace(space: string): Promise<void>;
  blobs(space: string): Promise<readonly BlobListing[]>;

  /** Waits for the lock and returns what frees it. A holder that was killed holds nothing. */
  lock(name: string, options?: LockOptions): Promise<() => Promise<void>>;
  /** Removes what killed writers left behind; returns bytes freed. */
  sweep(): Promise<number>;
}

/** The space of artifacts' content. */
export const ARTIFACTS = 'blobs';
/** The space of one checkpoint's content. */
export const checkpointSpace = (key: string): string => `checkpoint-${key}`;

export const address = {
  artifact: (key: string) => `artifacts/${key}`,
  checkpoint: (key: string) => `checkpoints/${key}`,
  latest: (pipeline: string, id: string) => `latest/${pipeline}/${id}`,
  lease: (id: string) => `leases/${id}`,
  pin: (key: string) => `pins/${key}`,
  used: (key: string) => `used/${key}`,
};
