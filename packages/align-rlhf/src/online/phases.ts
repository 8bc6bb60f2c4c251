// One checkpoint for a run of two phases: first a reward model is trained, then the policy, whose checkpoints carry what the first phase made.
import type { Checkpoint, Json, SavedState } from '@ingot/core';

type Phase = 'reward' | 'policy';
type Blobs = Readonly<Record<string, Uint8Array | AsyncIterable<Uint8Array>>>;
interface Written {
  readonly phase: Phase;
  readonly of: Json;
}
/** The checkpoints of both phases. */
export interface Phases {
  /** Which phase a killed run was in, where there was one. It is read once, since reading replays the log. */
  begun(): Promise<{ readonly phase: Phase; blob(name: string): Promise<Uint8Array> } | undefined>;
  /** The checkpoint of one phase; `beside` is saved with each of its own. */
  of(phase: Phase, beside?: () => Blobs): Checkpoint;
}

/** Both phases over one checkpoint. */
export function phasesOf(checkpoint: Checkpoint): Phases {
  let loaded: Promise<SavedState | undefined> | undefined;
  const load = (): Promise<SavedState | undefined> => (loaded ??= checkpoint.load());
  const phaseOf = (state: SavedState): Written => state.meta as unknown as Written;
  return {
    async begun() {
      const state = await load();
      return state && { phase: phaseOf(state).phase, blob: (name) => state.blob(name) };
    },
    of: (phase, beside) => ({
      async load() {
        const state = await load();
        if (!state || phaseOf(state).phase !== phase) return undefined;
        return { meta: phaseOf(state).of, blob: (name) => state.blob(name) };
      },
      save: (meta, blobs) => checkpoint.save({ phase, of: meta }, { ...blobs, ...beside?.() }),
    }),
  };
}
