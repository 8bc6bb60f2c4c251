// The contract of an executor: where one stage runs. Artifacts go in and out by their place in the store, never by value.
import type { StageEvent } from '../events.js';
import type { AnyKind } from '../kind.js';
import type { OutputRecord } from '../store/records.js';
import type { BlobRef, Store } from '../store/store.js';
import type { Node } from '../wiring.js';
import type { World } from '../world.js';

/** An output of a finished stage. */
export interface ArtifactAddress {
  readonly key: string;
  readonly port: string;
}
export interface StageJob {
  readonly pipeline: string;
  readonly node: Node;
  readonly key: string;
  readonly seed: number;
  readonly world: World;
  readonly store: Store;
  readonly inputs: Readonly<Record<string, ArtifactAddress | readonly ArtifactAddress[]>>;
  /** The value behind an address, as a read-only handle. */
  open(address: ArtifactAddress, kind: AnyKind): Promise<unknown>;
  readonly signal: AbortSignal;
  /** What the stage said, in order, for those who watch. */
  say(event: StageEvent, replayed: boolean): void;
}
export interface StageProduct {
  readonly outputs: Readonly<Record<string, OutputRecord>>;
  readonly events: BlobRef;
  readonly about: Readonly<Record<string, string>>;
}
export interface Executor {
  readonly name: string;
  /** Why the stage cannot run here, in one line, or undefined; then it runs in this process. */
  refusal(job: StageJob): string | undefined;
  /** Runs the stage to its end; its content is in the store when this returns. */
  perform(job: StageJob): Promise<StageProduct>;
}
