// The public face of core.
export { kind, many, narrow, optional, sameAs, type Kind, type Ref, type ValueOf } from './artifacts.js';
export { IngotError, type ErrorCode } from './errors.js';
export type { EventTypes, RunEvent, StageEvent } from './events.js';
export type { Graph, GraphOf } from './graph.js';
export { createIngot, type Ingot, type Pipeline } from './ingot.js';
export { definePart, list, one, type Part, type PartRole } from './parts.js';
export type { PlanRow } from './plan.js';
export type { Run } from './run.js';
export { token, type Bind, type Token } from './services.js';
export { definePlugin, defineRole, defineStage, type Checkpoint, type Context, type Plugin, type Stage, type StageSpec } from './stages.js';
export { memoryStore, type Store } from './store.js';
