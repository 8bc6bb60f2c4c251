// The public face of core.
export { kind, many, narrow, optional, sameAs, type AnyKind, type AnyRef, type Flat, type Inputs, type Kind, type Known, type Many, type Optional, type Outputs, type Ref, type SameAs, type ValueOf } from './artifacts.js';
export type { BlobReader, BlobWriter, Codec, Json } from './codec.js';
export { IngotError, suggest, type ErrorCode } from './errors.js';
export * from './events.js';
export type { Graph, GraphOf, PartsOf, StagesOf } from './graph.js';
export { createIngot, type Ingot, type Pipeline } from './ingot.js';
export { definePart, list, one, type AnyPart, type Fill, type Inline, type Part, type PartRole, type Slot } from './parts.js';
export type { PlanRow } from './plan.js';
export type { Run } from './run.js';
export { Installed, token, type Bind, type Binding, type Injected, type Needs, type Token } from './services.js';
export { CORE_MAJOR, definePlugin, defineRole, defineStage, type AnyStage, type Checkpoint, type Context, type Estimate, type Nothing, type Plugin, type Stage, type StageSpec } from './stages.js';
export { folderStore, inlineExecutor, memoryStore, processExecutor, type Executor, type Store } from './store.js';
export { canonical, digest } from './canonical.js';
