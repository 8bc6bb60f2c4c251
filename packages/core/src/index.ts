// The public face of core.
export { kind, narrow, type AnyKind, type AnyRef, type Kind, type Ref, type ValueOf } from './kind.js';
export {
  many,
  optional,
  sameAs,
  type Flat,
  type Inputs,
  type Known,
  type Many,
  type Optional,
  type Outputs,
  type RefsIn,
  type RefsOut,
  type SameAs,
  type ValuesIn,
  type ValuesOut,
} from './ports.js';
export type { BlobReader, BlobWriter, Codec, Json } from './codec.js';
export { IngotError, messageOf, type ErrorCode, type KnownErrorCode } from './errors.js';
export { nearMisses, suggest } from './near-misses.js';
export { canonical, digest } from './canonical.js';
// a star, because `declare module '@ingot/core'` can extend an interface only through one
export * from './events.js';
export type { Graph, GraphOf, How, PartsOf, StagesOf } from './graph.js';
export { createIngot, watchPipelines, type Ingot, type Pipeline, type RunOptions, type WatchOptions } from './ingot.js';
export type { Change, Opened, WatchedRun, WatchHow, WatchNote } from './run/watch-session.js';
export type { FileWatcher, WatchTold } from './run/watch-files.js';
export type { Replay, ReplayOptions } from './run/replay.js';
export { definePart, type AnyPart, type Part, type PartRole } from './part.js';
export { list, one, type Fill, type Inline, type Slot } from './slot.js';
export type { PlanRow } from './plan/plan-row.js';
export type { Refs, Results, Run, State } from './run/run.js';
export { Installed } from './installed.js';
export { token, type Bind, type Binding, type Injected, type Needs, type Token } from './token.js';
export type { Checkpoint, SavedState } from './checkpoint.js';
export {
  defineStage,
  replayed,
  type AnyStage,
  type Context,
  type Estimate,
  type Nothing,
  type Stage,
  type StageSpec,
} from './stage.js';
export { defineRole } from './role.js';
export { CORE_MAJOR, definePlugin, type ModuleCall, type Plugin } from './plugin.js';
export type { BlobHandle, BlobListing, BlobRef, Content, LockOptions, Store } from './store/store.js';
export { memoryStore } from './store/memory-store.js';
export { folderStore, STORE_FORMAT } from './store/folder-store.js';
export type { ArtifactAddress, Executor, StageJob, StageProduct } from './run/executor.js';
export { inlineExecutor } from './run/inline-executor.js';
export { processExecutor } from './run/process-executor.js';
export {
  artifactEvents,
  artifactManifest,
  exportArtifact,
  findKey,
  listArtifacts,
  pinArtifact,
  readArtifact,
  type StoreRow,
} from './store/admin.js';
export { collectGarbage, type GarbageOptions, type GarbageReport } from './store/garbage.js';
export type { Manifest, OutputRecord } from './store/records.js';
