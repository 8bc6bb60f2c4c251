// The record of one run: what was asked, on what machine, what happened. The terminal, `ingot runs` and the report read it.
import type { RunEvent } from '@ingot/core';

/** One stage of a run: as planned, then as it went. */
export interface StageRecord {
  readonly id: string;
  readonly stage: string;
  readonly key: string;
  /** Whether the store had it when the run was planned, and why not. */
  readonly hit: boolean;
  readonly why: string;
  /** Input port -> 'stage.port' of what it reads. */
  readonly from: Readonly<Record<string, readonly string[]>>;
  /** Options after defaults. */
  readonly options: unknown;
  readonly view: unknown;
  readonly predicted?: { readonly bytes?: number; readonly flops?: number; readonly seconds?: number };
  /** The stages that must have run before it can say what it will need. */
  readonly predictedAfter?: readonly string[];
}

/** What `run.json` holds; events stand in `events.jsonl` beside it. */
export interface RunRecord {
  readonly id: string;
  readonly name: string;
  /** The command line that started it, to copy. */
  readonly command: string;
  readonly started: string;
  ended?: string;
  ending: 'running' | 'done' | 'failed' | 'cancelled';
  why?: string;
  readonly pid: number;
  readonly seed: number;
  readonly recipe: unknown;
  /** As planned; what a stage predicts only when its inputs are there joins as it starts. */
  stages: readonly StageRecord[];
  readonly outputs: Readonly<Record<string, string>>;
  /** Milliseconds that each artifact's making took, by key: in this run, or in the earlier one that made what is kept. */
  took: Readonly<Record<string, number>>;
  readonly versions: Readonly<Record<string, string>>;
  /** `device` joins at the end: what the artifacts were made on, instruction set and threads included. */
  machine: Readonly<Record<string, string>>;
}

/** An event with its time, in milliseconds since the run began. */
export interface TimedEvent {
  readonly at: number;
  readonly event: RunEvent;
}

/** A run with its events, as the report reads it. */
export interface RunLog {
  readonly record: RunRecord;
  readonly events: readonly TimedEvent[];
}
