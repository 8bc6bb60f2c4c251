// Parts: things chosen by name inside a stage's options, from an open set that plugins extend.
import type * as z from 'zod';
import { identify, type Identified } from './canonical.js';
import * as messages from './messages.js';
import { validName } from './names.js';
import type { Known } from './ports.js';
import type { Inline } from './slot.js';
import type { Injected, Needs } from './token.js';

export interface Part<Role extends string, Name extends string, Options extends z.ZodObject> {
  readonly role: Role;
  readonly name: Name;
  readonly version: number;
  readonly options: Options;
  readonly needs: Needs;
  make(options: never, services: never): unknown;
}
export type AnyPart = Part<string, string, z.ZodObject>;

export interface PartRole<Role extends string, Value> {
  readonly role: Role;
  /** A part that plays this role; bump `version` when what it makes changes: it is in the key of every stage that chose it. */
  part<const Name extends string, Options extends z.ZodObject, const N extends Needs = {}>(spec: {
    readonly name: Name;
    readonly version: number;
    readonly options: Options;
    readonly needs?: N;
    make(options: Known<z.output<Options>>, services: Injected<N>): Value;
  }): Part<Role, Name, Options>;
  /** A value given in code: a function has no identity, so its name and version are the key. */
  inline(name: string, version: number, value: Value): Inline<Role, Value>;
}

/** A value given in code, with what stands for it in keys. */
export class Inlined implements Identified {
  readonly identity: object;
  constructor(
    readonly role: string,
    name: string,
    version: number,
    readonly value: unknown,
  ) {
    this.identity = { part: role, inline: name, version };
    identify(this);
  }
}

/** A role for parts that make a `Value`: `definePart<SamplerFunction>()('sampler')`. */
export const definePart =
  <Value>() =>
  <const Role extends string>(role: Role): PartRole<Role, Value> => {
    validName(role, 'Part role');
    return {
      role,
      part: (spec) => {
        validName(spec.name, `Part of role '${role}'`);
        if (!Number.isInteger(spec.version)) throw messages.badVersion(`The ${role} '${spec.name}'`, spec.version);
        return { role, needs: {}, ...spec };
      },
      inline: (name, version, given) => {
        if (!name || !Number.isInteger(version)) throw messages.inlineWithoutKey(role);
        return new Inlined(role, name, version, given) as unknown as never;
      },
    };
  };
