// Every text of core in one place, in one form: where, what was wanted, what was got, what to try.
import { IngotError, messageOf } from './errors.js';
import { suggest } from './near-misses.js';
import type { InputPort } from './ports.js';

const quoted = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ');
const describe = (value: unknown): string => {
  if (value === null || value === undefined || typeof value === 'number') return String(value);
  if (typeof value === 'object') return `a ${value.constructor?.name ?? 'bare object'}`;
  return typeof value === 'function' ? 'a function' : `a ${typeof value}`;
};

// names and plugins
export const badName = (what: string, name: string) =>
  new IngotError('bad-name', `${what} '${name}': names are lower-case words joined by dashes, such as 'top-p'.`);
export const badVersion = (what: string, version: unknown) =>
  new IngotError('bad-name', `${what} wants a whole number as its version, got ${describe(version)}: it is part of the cache key.`);
export const inlineWithoutKey = (role: string) =>
  new IngotError('bad-name', `An inline ${role} wants a name and a whole version: they are its cache key.`);
export const optionAndView = (stage: string, key: string) =>
  new IngotError('duplicate', `Stage '${stage}' has '${key}' both in options and in view. Keep it in options if it changes the result, else in view.`);
export const badSameAs = (stage: string, port: string, source: string, ports: readonly string[]) =>
  new IngotError('bad-name', `Stage '${stage}', output '${port}': sameAs('${source}') wants the name of a plain input.${suggest(source, ports)}`);
export const roleNarrowed = (stage: string, port: string) =>
  new IngotError('bad-name', `Stage '${stage}' may only widen the ports of its role or add optional ones: '${port}' does neither.`);
export const claimedTwice = (what: string, first: string, second: string) =>
  new IngotError('duplicate', `${what} comes from plugin '${first}' and from plugin '${second}'. Install one of the two.`);
export const twoCores = (plugin: string) =>
  new IngotError('two-cores', `Plugin '${plugin}' was defined by another copy of @ingot/core than the one that installs it. Make @ingot/core a peer dependency of the plugin and install one copy ('npm ls @ingot/core' shows them).`);
export const otherMajor = (plugin: string, wanted: number, got: number) =>
  new IngotError('bad-plugin', `Plugin '${plugin}' was made for major version ${wanted} of @ingot/core, and this is ${got}. Install the release of the plugin that was made for ${got}.`);

// services
export const boundTwice = (service: string, first: string, second: string) =>
  new IngotError('duplicate', `Service '${service}' is bound by '${first}' and by '${second}'. Bind it in createIngot's services to choose one.`);
export const missingService = (wanted: string, service: string, known: readonly string[]) =>
  new IngotError('missing-service', `${wanted} needs service '${service}', which nothing binds. Install a plugin that binds it, or bind it in createIngot's services.${suggest(service, known)}`);

// options and parts
export const unknownOption = (where: string, key: string, known: readonly string[]) =>
  new IngotError('bad-options', `${where} has no option '${key}'.${suggest(key, known)}`);
export const badOptions = (where: string, issues: string, known: readonly string[]) =>
  new IngotError('bad-options', `${where} refuses its options:\n${issues}\nIts options: ${known.join(', ') || 'none'}.`);
export const unknownPart = (where: string, role: string, use: string, known: readonly string[]) =>
  new IngotError('unknown-name', `${where} asks for ${role} '${use}', which no plugin installs.${suggest(use, known)}`);
export const notKeyable = (where: string, value: unknown) =>
  new IngotError('not-keyable', `${where} is ${describe(value)}: a cache key holds only plain JSON. Give numbers, strings, booleans, lists and plain objects; a function goes in as Role.inline(name, version, function).`);

// wiring
export const unknownStage = (pipeline: string, what: string, known: readonly string[]) =>
  new IngotError('unknown-name', `Pipeline '${pipeline}' asks for stage '${what}', which no plugin installs.${suggest(what, known)}`);
export const labelTaken = (where: string, label: string) => new IngotError('duplicate', `${where} has a stage '${label}' already. Give another label.`);
export const unknownPort = (where: string, port: string, known: readonly string[]) =>
  new IngotError('bad-wiring', `${where} has no input '${port}'.${suggest(port, known)}`);
export const wrongPort = (where: string, want: InputPort, given: unknown) => {
  const wanted = want.many ? `a list of '${want.kind.name}'` : `'${want.kind.name}'`;
  const got = given === undefined ? 'nothing' : Array.isArray(given) ? 'a list' : 'a single ref';
  return new IngotError('bad-wiring', `${where} wants ${wanted}, got ${got}.`);
};
export const wrongKind = (where: string, wanted: string, got: string, from: string) =>
  new IngotError('bad-wiring', `${where} wants '${wanted}', got '${got}' from '${from}'. Give the output of a stage that makes '${wanted}'.`);
export const foreignRef = (where: string, ref: unknown) => {
  const from = ref as { readonly stage?: unknown; readonly port?: unknown } | undefined;
  const got = typeof from === 'object' && from !== null && 'stage' in from ? `'${String(from.stage)}.${String(from.port)}' from another pipeline` : `${describe(ref)}, which is not a ref`;
  return new IngotError('bad-wiring', `${where} was given ${got}. Give what g.add returned in this pipeline.`);
};
export const mixedTraits = (where: string, trait: string, first: string, second: string) =>
  new IngotError('bad-wiring', `${where} is given artifacts with different ${trait}s: ${first} and ${second}. Make both with one ${trait}.`);

// recipes
export const badRecipe = (issues: string) => new IngotError('bad-recipe', `The recipe is not well formed:\n${issues}\nIt wants 'name', 'stages' and 'outputs'.`);
export const danglingPath = (recipe: string, where: string, path: string, known: readonly string[]) =>
  new IngotError('bad-recipe', `Recipe '${recipe}', ${where}, refers to '${path}', which no earlier stage makes.${suggest(path, known)}`);

// events and values
export const eventWithoutType = (where: string, event: unknown) => new IngotError('bad-event', `${where} said ${describe(event)}: an event is an object with a 'type'.`);
export const unknownEvent = (where: string, type: string, known: readonly string[]) =>
  new IngotError('bad-event', `${where} said an event '${type}', which no plugin declares; a plugin declares its own in 'events'.${suggest(type, known)}`);
export const badEvent = (where: string, type: string, issues: string) => new IngotError('bad-event', `${where} said a '${type}' event that cannot be stored:\n${issues}`);
export const missingOutput = (where: string, port: string, known: readonly string[]) =>
  new IngotError('stage-failed', `${where} returned no '${port}'. It must return ${quoted(known)}.`);
export const unknownBlob = (where: string, name: string, known: readonly string[]) => new IngotError('unknown-name', `${where} has no blob '${name}'.${suggest(name, known)}`);
export const blobTwice = (where: string, name: string) => new IngotError('duplicate', `${where} wrote the blob '${name}' twice. Give each blob a name of its own.`);
export const badRange = (where: string, offset: number, length: number, bytes: number) =>
  new IngotError('bad-value', `${where} was asked for ${length} bytes at ${offset}, and has ${bytes}. Ask inside of it.`);

// runs
export const cancelled = (pipeline: string, reason: string) => new IngotError('cancelled', `The run of '${pipeline}' was cancelled: ${reason.replace(/\.$/, '')}.`);
export const stageFailed = (where: string, error: unknown) => new IngotError('stage-failed', `${where} failed: ${messageOf(error)}`, { cause: error });
export const skippedAfter = (stage: string) => `'${stage}' did not finish, and this stage needs it`;
export const notNeeded = (stage: string) => new IngotError('skipped', `Stage '${stage}' did not run.`);
export const childCrashed = (where: string, how: string, tail: string) =>
  new IngotError('child-crashed', `${where} lost its process (${how}) before it ended. What was saved is kept: run again to go on from it, or run it in this process (inlineExecutor) to see more.${tail ? `\nIts last words:\n${tail}` : ''}`);
export const pluginNotInModule = (plugin: string, specifier: string, names: readonly string[]) =>
  new IngotError('bad-plugin', `The module '${specifier}' exports no plugin '${plugin}'. Export what definePlugin returned, or name a function by { specifier, export }.${suggest(plugin, names)}`);
export const goesOn = (about: string) => `the saved state was made on ${about}, and this is another: it is not continued, the stage starts again`;

// stores
export const newerStore = (where: string, found: number, known: number) =>
  new IngotError('newer-store', `The store ${where} was written by a newer Ingot (format ${found}, and this one knows ${known}). Update Ingot, or use another store. Nothing was changed.`);
export const notAStore = (where: string, why: string) => new IngotError('bad-store', `The store ${where} cannot be read: ${why}. Use another folder, or restore its store.json.`);
export const damagedRecord = (where: string, address: string, why: string) =>
  new IngotError('bad-store', `The store ${where} holds a record that cannot be read, '${address}': ${why}. Remove it; its stage runs again.`);
export const missingBlob = (where: string, digest: string) =>
  new IngotError('bad-store', `The store ${where} has lost the content ${digest.slice(0, 12)}…, which an artifact needs. Remove the artifact; its stage runs again.`);
export const diskFull = (where: string, cause: unknown) =>
  new IngotError('disk-full', `The store ${where} could not be written: no space is left there, or a file-size limit was met (${messageOf(cause)}). What was whole before is still whole. Free space ('ingot store gc'), or use another store.`, { cause });
export const notWritable = (where: string, cause: unknown) =>
  new IngotError('not-writable', `The store ${where} cannot be written (${messageOf(cause)}). Wanted: a folder that this user may write. Give another store, or change its permissions.`, { cause });
export const unknownArtifact = (where: string, key: string, known: readonly string[]) =>
  new IngotError('unknown-name', `The store ${where} has no single artifact whose key starts with '${key}'.${suggest(key, known)}`);
export const targetExists = (path: string) => new IngotError('bad-input', `'${path}' exists already. Export to a new folder.`);
export const noSuchOutput = (where: string, key: string, port: string, known: readonly string[]) =>
  new IngotError('unknown-name', `The artifact ${key.slice(0, 12)}… in the store ${where} has no output '${port}'.${suggest(port, known)}`);
export const otherKind = (key: string, port: string, wanted: string, got: string) =>
  new IngotError('bad-kind', `Output '${port}' of artifact ${key.slice(0, 12)}… is a '${got}'; wanted: '${wanted}'. Name another artifact or output.`);
