// From choices in parsed options to parts that are ready to be made: nested ones too.
import { identify, type Identified } from './canonical.js';
import { isPlain } from './json.js';
import * as messages from './messages.js';
import { parseOptions } from './options.js';
import { Inlined, type AnyPart } from './part.js';
import { Chosen } from './slot.js';
import type { Needs } from './token.js';

type Resolve = (needs: Needs) => Promise<unknown>;
export type Parts = ReadonlyMap<string, AnyPart>;

/** Where a part stands in the map of installed parts. */
export const partAddress = (role: string, name: string): string => `${role}/${name}`;

/** A chosen part after its own options are parsed: `identity` goes into the key, `make` is called when the run needs it. */
export class Ready implements Identified {
  readonly identity: object;
  constructor(
    readonly part: AnyPart,
    readonly options: unknown,
  ) {
    this.identity = { part: part.role, use: part.name, version: part.version, options };
    identify(this);
  }
  async make(resolve: Resolve): Promise<unknown> {
    return this.part.make((await makeParts(this.options, resolve)) as never, (await resolve(this.part.needs)) as never);
  }
}

const walk = (value: unknown, visit: (leaf: unknown) => unknown): unknown => {
  if (Array.isArray(value)) return value.map((item) => walk(item, visit));
  if (isPlain(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, visit)]));
  return visit(value);
};

/** The installed part of that role and name, with its options parsed. Throws `unknown-name` or `bad-options`. */
export const choose = (role: string, use: string, options: object, installed: Parts, where: string): Ready => {
  const part = installed.get(partAddress(role, use));
  if (!part) {
    const names = [...installed.values()].filter((p) => p.role === role).map((p) => p.name);
    throw messages.unknownPart(where, role, use, names);
  }
  const here = `${where}, ${role} '${use}'`;
  return new Ready(part, readyParts(parseOptions(part.options, options, here, installed), installed, here));
};

/** Replaces every choice in parsed options by the part it names. */
export const readyParts = (value: unknown, installed: Parts, where: string): unknown =>
  walk(value, (leaf) => {
    if (!(leaf instanceof Chosen)) return leaf;
    const { use, ...options } = leaf.choice;
    return choose(leaf.role, use, options, installed, where);
  });

/** Replaces every ready part by what it makes. */
export const makeParts = async (value: unknown, resolve: Resolve): Promise<unknown> => {
  if (value instanceof Inlined) return value.value;
  if (value instanceof Ready) return value.make(resolve);
  if (Array.isArray(value)) return Promise.all(value.map((item) => makeParts(item, resolve)));
  if (!isPlain(value)) return value;
  const entries = Object.entries(value).map(async ([key, item]) => [key, await makeParts(item, resolve)] as const);
  return Object.fromEntries(await Promise.all(entries));
};

/** Every part chosen anywhere in these options, inline ones too. */
export const chosenParts = (value: unknown): readonly (Ready | Inlined)[] => {
  if (value instanceof Inlined) return [value];
  if (value instanceof Ready) return [value, ...chosenParts(value.options)];
  return Array.isArray(value) || isPlain(value) ? Object.values(value).flatMap(chosenParts) : [];
};
