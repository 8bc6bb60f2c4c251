// What watches a run and shows it: the contract of the three views (live terminal, plain log, JSON lines), and who is chosen.
import type { RunEvent } from '@ingot/core';
import type { StageRecord } from '../runs/record.js';

/** Shows one run while it goes. */
export interface View {
  plan(name: string, stages: readonly StageRecord[]): void;
  event(event: RunEvent): void;
  /** A line of the command's own, above whatever is redrawn. */
  say(text: string): void;
  /** Stops redrawing; nothing is shown after. */
  close(): void;
}
