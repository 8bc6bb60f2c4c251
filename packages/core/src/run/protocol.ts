// What a run and its child process say to each other.
import type { StageEvent } from '../events.js';
import type { ArtifactAddress, StageProduct } from './executor.js';
import type { PluginAddress } from './crossing.js';

export interface JobMessage {
  readonly type: 'job';
  /** The parent's program: what finds packages beside it must find the same in the child. */
  readonly program: string | undefined;
  readonly store: string;
  readonly plugins: readonly PluginAddress[];
  readonly pipeline: string;
  readonly id: string;
  readonly stage: string;
  readonly how: Readonly<Record<string, unknown>>;
  readonly key: string;
  readonly seed: number;
  readonly inputs: Readonly<Record<string, ArtifactAddress | readonly ArtifactAddress[]>>;
}
export type ToChild = JobMessage | { readonly type: 'cancel'; readonly code: string; readonly message: string };
export type FromChild =
  | { readonly type: 'event'; readonly event: StageEvent; readonly replayed: boolean }
  | { readonly type: 'done'; readonly product: StageProduct }
  | { readonly type: 'failed'; readonly code: string; readonly message: string; readonly stack?: string };
