// Where artifacts, checkpoints and the last key of each stage are kept: any key-value store will do.
import type { StageEvent } from './events.js';

export interface Store {
  get(address: string): Promise<unknown>;
  put(address: string, value: unknown): Promise<void>;
}
/** What is kept for a finished stage: its events too, so that a hit can replay them. */
export interface Stored { readonly outputs: Readonly<Record<string, unknown>>; readonly events: readonly StageEvent[] }

export const artifactAt = (key: string) => `artifact/${key}`;
export const checkpointAt = (key: string) => `checkpoint/${key}`;
export const latestAt = (pipeline: string, id: string) => `latest/${pipeline}/${id}`;

export const memoryStore = (): Store => {
  const kept = new Map<string, unknown>();
  return { get: async (address) => kept.get(address), put: async (address, value) => void kept.set(address, value) };
};
