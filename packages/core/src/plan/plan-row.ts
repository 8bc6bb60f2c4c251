// One row of a plan: a stage, its key, and why it will run or will not.
import type { Estimate } from '../stage.js';

export interface PlanRow {
  /** The stage's label in its pipeline. */
  readonly id: string;
  readonly stage: string;
  /** For what follows a volatile stage it is settled only when that stage has run. */
  readonly key: string;
  /** Its artifact is in the store. */
  readonly hit: boolean;
  /** It will run: it is no hit, and an output, a last stage or a stage that runs needs it. */
  readonly runs: boolean;
  /** Kept, never run, or what changed since this stage of this pipeline last ran. */
  readonly why: string;
  /** The canonical JSON that the key is the digest of. */
  readonly material: string;
  /** What the stage says it will cost; absent for a hit, and for a stage that cannot say (yet). */
  readonly estimate?: Estimate;
  /** The stages that must have run before it can say; it is asked again just before it starts. */
  readonly estimateAfter?: readonly string[];
}
