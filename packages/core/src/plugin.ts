// A plugin is a value: stages, parts, services and events under one name.
import type * as z from 'zod';
import type { Json } from './codec.js';
import type { EventTypes } from './events.js';
import type { AnyPart } from './part.js';
import type { AnyStage } from './stage.js';
import type { Bind } from './token.js';

/** The major version of this core; a plugin says the one it was made for, so that another refuses it. */
export const CORE_MAJOR = 0;

/** A function exported by a module, and what to call it with to make the plugin. */
export interface ModuleCall {
  readonly specifier: string;
  readonly export?: string;
  readonly arguments?: readonly Json[];
}

export interface Plugin<
  S extends readonly AnyStage[] = readonly AnyStage[],
  P extends readonly AnyPart[] = readonly AnyPart[],
> {
  readonly name: string;
  readonly version?: string;
  /** The major version of core that it was made for: `CORE_MAJOR` of the core it was built with. */
  readonly core?: number;
  /** Where another process can import it from: a specifier (`import.meta.url`) whose exports hold this plugin, or a function that makes it. */
  readonly module?: string | ModuleCall;
  /** Schemas of the events that it adds to `EventTypes`. */
  readonly events?: { readonly [T in keyof EventTypes]?: z.ZodType };
  readonly stages?: S;
  readonly parts?: P;
  readonly services?: (bind: Bind) => void;
}

const born = Symbol.for('@ingot/core/plugin');
const self: unique symbol = Symbol('this copy of core');

/** Marks the plugin with this copy of core, so that two copies in one process are noticed before any work. */
export const definePlugin = <
  const S extends readonly AnyStage[] = readonly [],
  const P extends readonly AnyPart[] = readonly [],
>(
  plugin: Plugin<S, P>,
): Plugin<S, P> => Object.defineProperty({ ...plugin }, born, { value: self, enumerable: false });

/** Whether the plugin was defined by another copy of core than this one. */
export const fromAnotherCopy = (plugin: object): boolean => born in plugin && plugin[born] !== self;
