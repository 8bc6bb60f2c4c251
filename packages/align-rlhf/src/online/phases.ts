// One checkpoint for a run of two phases: first a reward model is trained, then the policy, whose checkpoints carry what the first phase made.
import type { Checkpoint, Json, SavedState } from '@ingot/core';

type Phase = 'reward' | 'policy';
type Blobs = Readonly<Record<string, Uint8Array | AsyncIterable<Uint8Array>>>;
type Meta = Readonly<Record<string, Json>>;
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
  const metaOf = (state: SavedState): Meta => state.meta as Meta;
  const phaseOf = (state: SavedState): Phase => ('rewardModel' in metaOf(state) ? 'reward' : 'policy');
  /** The policy's stands as in any run, so that whoever asks a store for a run's step finds it. */
  const written = {
    reward: (meta) => ({ rewardModel: meta }),
    policy: (meta) => meta,
  } satisfies Record<Phase, (meta: Json) => Json>;
  const read = {
    reward: (meta) => meta['rewardModel']!,
    policy: (meta) => meta as Json,
  } satisfies Record<Phase, (meta: Meta) => Json>;
  return {
    async begun() {
      const state = await load();
      return state && { phase: phaseOf(state), blob: (name) => state.blob(name) };
    },
    of: (phase, beside) => ({
      async load() {
        const state = await load();
        if (!state || phaseOf(state) !== phase) return undefined;
        return { meta: read[phase](metaOf(state)), blob: (name) => state.blob(name) };
      },
      save: (meta, blobs) => checkpoint.save(written[phase](meta), { ...blobs, ...beside?.() }),
    }),
  };
}
