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
/** A stage, part, kind or label whose name is not lower-case words joined by dashes. */
export const badName = (what: string, name: string) =>
  new IngotError('bad-name', `${what} '${name}': names are lower-case words joined by dashes, such as 'top-p'.`);
/** A version that is not a whole number. */
export const badVersion = (what: string, version: unknown) =>
  new IngotError(
    'bad-name',
    `${what} wants a whole number as its version, got ${describe(version)}: it is part of the cache key.`,
  );
/** An inline part without a name and a version. */
export const inlineWithoutKey = (role: string) =>
  new IngotError('bad-name', `An inline ${role} wants a name and a whole version: they are its cache key.`);
/** One field in options and in view. */
export const optionAndView = (stage: string, key: string) =>
  new IngotError(
    'duplicate',
    `Stage '${stage}' has '${key}' both in options and in view. Keep it in options if it changes the result, else in view.`,
  );
/** An output that is the same as an input which is not there, or not plain. */
export const badSameAs = (stage: string, port: string, source: string, ports: readonly string[]) =>
  new IngotError(
    'bad-name',
    `Stage '${stage}', output '${port}': sameAs('${source}') wants the name of a plain input.${suggest(source, ports)}`,
  );
/** A player that narrows a port of its role. */
export const roleNarrowed = (stage: string, port: string) =>
  new IngotError(
    'bad-name',
    `Stage '${stage}' may only widen the ports of its role or add optional ones: '${port}' does neither.`,
  );
/** Two plugins with one name, stage or part. */
export const claimedTwice = (what: string, first: string, second: string) =>
  new IngotError(
    'duplicate',
    `${what} comes from plugin '${first}' and from plugin '${second}'. Install one of the two.`,
  );
/** A plugin of another copy of core. */
export const twoCores = (plugin: string) =>
  new IngotError(
    'two-cores',
    `Plugin '${plugin}' was defined by another copy of @ingot/core than the one that installs it. Make @ingot/core a peer dependency of the plugin and install one copy ('npm ls @ingot/core' shows them).`,
  );
/** A plugin that was made for another major version of core. */
export const otherMajor = (plugin: string, wanted: number, got: number) =>
  new IngotError(
    'bad-plugin',
    `Plugin '${plugin}' was made for major version ${wanted} of @ingot/core, and this is ${got}. Install the release of the plugin that was made for ${got}.`,
  );

// services
/** A token that two plugins bind. */
export const boundTwice = (service: string, first: string, second: string) =>
  new IngotError(
    'duplicate',
    `Service '${service}' is bound by '${first}' and by '${second}'. Bind it in createIngot's services to choose one.`,
  );
/** A service that is needed and not bound. */
export const missingService = (wanted: string, service: string, known: readonly string[]) =>
  new IngotError(
    'missing-service',
    `${wanted} needs service '${service}', which nothing binds. Install a plugin that binds it, or bind it in createIngot's services.${suggest(service, known)}`,
  );

// options and parts
/** An option or view that the stage or part does not have. */
export const unknownOption = (where: string, key: string, known: readonly string[]) =>
  new IngotError('bad-options', `${where} has no option '${key}'.${suggest(key, known)}`);
/** Options that their schema refuses. */
export const badOptions = (where: string, issues: string, known: readonly string[], choices: readonly string[] = []) =>
  new IngotError(
    'bad-options',
    [`${where} refuses its options:`, issues, `Its options: ${known.join(', ') || 'none'}.`, ...choices].join('\n'),
  );
/** The parts that a slot may be filled with. */
export const installedParts = (role: string, names: readonly string[]) =>
  `Installed as ${role}: ${names.join(', ') || 'none'}.`;
/** A part that is not installed. */
export const unknownPart = (where: string, role: string, use: string, known: readonly string[]) =>
  new IngotError('unknown-name', `${where} asks for ${role} '${use}', which no plugin installs.${suggest(use, known)}`);
/** A value that canonical JSON cannot tell apart. */
export const notKeyable = (where: string, value: unknown) =>
  new IngotError(
    'not-keyable',
    `${where} is ${describe(value)}: a cache key holds only plain JSON. Give numbers, strings, booleans, lists and plain objects; a function goes in as Role.inline(name, version, function).`,
  );

// wiring
/** A stage that is not installed. */
export const unknownStage = (pipeline: string, what: string, known: readonly string[]) =>
  new IngotError(
    'unknown-name',
    `Pipeline '${pipeline}' asks for stage '${what}', which no plugin installs.${suggest(what, known)}`,
  );
/** A label that another stage of the pipeline has. */
export const labelTaken = (where: string, label: string) =>
  new IngotError('duplicate', `${where} has a stage '${label}' already. Give another label.`);
/** An input that the stage does not have. */
export const unknownPort = (where: string, port: string, known: readonly string[]) =>
  new IngotError('bad-wiring', `${where} has no input '${port}'.${suggest(port, known)}`);
/** An input that is missing, or one ref where a list is wanted, or the reverse. */
export const wrongPort = (where: string, want: InputPort, given: unknown) => {
  const wanted = want.many ? `a list of '${want.kind.name}'` : `'${want.kind.name}'`;
  const got = given === undefined ? 'nothing' : Array.isArray(given) ? 'a list' : 'a single ref';
  return new IngotError('bad-wiring', `${where} wants ${wanted}, got ${got}.`);
};
/** A ref of a kind that does not fit the port. */
export const wrongKind = (where: string, wanted: string, got: string, from: string) =>
  new IngotError(
    'bad-wiring',
    `${where} wants '${wanted}', got '${got}' from '${from}'. Give the output of a stage that makes '${wanted}'.`,
  );
/** Something that is no ref of this pipeline. */
export const foreignRef = (where: string, ref: unknown) => {
  const from = ref as { readonly stage?: unknown; readonly port?: unknown } | undefined;
  const got =
    typeof from === 'object' && from !== null && 'stage' in from
      ? `'${String(from.stage)}.${String(from.port)}' from another pipeline`
      : `${describe(ref)}, which is not a ref`;
  return new IngotError('bad-wiring', `${where} was given ${got}. Give what g.add returned in this pipeline.`);
};
/** Inputs that carry different values of one trait, such as two tokenizers. */
export const mixedTraits = (where: string, trait: string, first: string, second: string) =>
  new IngotError(
    'bad-wiring',
    `${where} is given artifacts with different ${trait}s: ${first} and ${second}. Make both with one ${trait}.`,
  );

// recipes
/** A recipe that is not well formed. */
export const badRecipe = (issues: string) =>
  new IngotError('bad-recipe', `The recipe is not well formed:\n${issues}\nIt wants 'name', 'stages' and 'outputs'.`);
/** A recipe's path that no earlier stage makes. */
export const danglingPath = (recipe: string, where: string, path: string, known: readonly string[]) =>
  new IngotError(
    'bad-recipe',
    `Recipe '${recipe}', ${where}, refers to '${path}', which no earlier stage makes.${suggest(path, known)}`,
  );

// events and values
/** A yielded value that is no event. */
export const eventWithoutType = (where: string, event: unknown) =>
  new IngotError('bad-event', `${where} said ${describe(event)}: an event is an object with a 'type'.`);
/** An event whose type no plugin declares. */
export const unknownEvent = (where: string, type: string, known: readonly string[]) =>
  new IngotError(
    'bad-event',
    `${where} said an event '${type}', which no plugin declares; a plugin declares its own in 'events'.${suggest(type, known)}`,
  );
/** An event that its schema refuses. */
export const badEvent = (where: string, type: string, issues: string) =>
  new IngotError('bad-event', `${where} said a '${type}' event that cannot be stored:\n${issues}`);
/** A stage that ended without one of its outputs. */
export const missingOutput = (where: string, port: string, known: readonly string[]) =>
  new IngotError('stage-failed', `${where} returned no '${port}'. It must return ${quoted(known)}.`);
/** A blob that was not written. */
export const unknownBlob = (where: string, name: string, known: readonly string[]) =>
  new IngotError('unknown-name', `${where} has no blob '${name}'.${suggest(name, known)}`);
/** A blob name that was used twice. */
export const blobTwice = (where: string, name: string) =>
  new IngotError('duplicate', `${where} wrote the blob '${name}' twice. Give each blob a name of its own.`);
/** A read outside of a blob. */
export const badRange = (where: string, offset: number, length: number, bytes: number) =>
  new IngotError(
    'bad-value',
    `${where} was asked for ${length} bytes at ${offset}, and has ${bytes}. Ask inside of it.`,
  );

// runs
/** A run that was cancelled, with the reason. */
export const cancelled = (pipeline: string, reason: string) =>
  new IngotError('cancelled', `The run of '${pipeline}' was cancelled: ${reason.replace(/\.$/, '')}.`);
const gigabytes = (bytes: number): string =>
  `${bytes < 1e11 ? (bytes / 1e9).toPrecision(3) : (bytes / 1e9).toFixed(0)} GB`;
/** A stage that says it needs more memory than it may use. */
export const outOfMemory = (where: string, wanted: number, limit: number) =>
  new IngotError(
    'out-of-memory',
    `${where} would need about ${gigabytes(wanted)}, it may use ${gigabytes(limit)}. Try a smaller batch, context or model, or raise the limit (\`memory\` of run; \`--no-memory-guard\` of the command).`,
  );
/** An error inside a stage, with its cause. */
export const stageFailed = (where: string, error: unknown) =>
  new IngotError('stage-failed', `${where} failed: ${messageOf(error)}`, { cause: error });
/** Why a stage was skipped. */
export const skippedAfter = (stage: string) => `'${stage}' did not finish, and this stage needs it`;
/** The result of a stage that did not run. */
export const notNeeded = (stage: string) => new IngotError('skipped', `Stage '${stage}' did not run.`);
/** A child process that died with its stage. */
export const childCrashed = (where: string, how: string, tail: string) =>
  new IngotError(
    'child-crashed',
    `${where} lost its process (${how}) before it ended. What was saved is kept: run again to go on from it, or run it in this process (inlineExecutor) to see more.${tail ? `\nIts last words:\n${tail}` : ''}`,
  );
/** A module that does not export the plugin it should. */
export const pluginNotInModule = (plugin: string, specifier: string, names: readonly string[]) =>
  new IngotError(
    'bad-plugin',
    `The module '${specifier}' exports no plugin '${plugin}'. Export what definePlugin returned, or name a function by { specifier, export }.${suggest(plugin, names)}`,
  );
/** A source whose content was another before and after it was read. */
export const sourceChanged = (where: string) =>
  new IngotError(
    'source-changed',
    `${where} read its source while it changed: the content is not what it was when the run was planned, and nothing of it was kept. Run again when the files are whole.`,
  );
/** A stage label that the pipeline does not have. */
export const noSuchStage = (pipeline: string, id: string, known: readonly string[]) =>
  new IngotError('unknown-name', `Pipeline '${pipeline}' has no stage '${id}'.${suggest(id, known)}`);
/** A stage that cannot look at one of its steps again. */
export const cannotReplay = (where: string, able: readonly string[]) =>
  new IngotError(
    'bad-input',
    `${where} cannot be replayed: it has no steps to go back to. Wanted a training stage${able.length > 0 ? `: ${able.join(', ')}` : ', and this pipeline has none'}.`,
  );
/** A step to replay that no training has. */
export const badReplayStep = (where: string, step: number) =>
  new IngotError('bad-input', `${where} was asked for step ${step}. Steps are whole numbers from 1.`);
/** A replay that ended without the step that was asked for. */
export const noSuchStep = (where: string, step: number) =>
  new IngotError('bad-input', `${where} ended without a step ${step}. Ask for one that its log has.`);
/** A replay whose inputs are not made. */
export const replayWithoutInputs = (where: string, missing: readonly string[]) =>
  new IngotError(
    'bad-input',
    `${where} cannot be replayed: what it takes from ${missing.map((id) => `'${id}'`).join(' and ')} is not in the store. Run the recipe first, with the same options and the same store.`,
  );
/** Why a saved state is not continued. */
export const goesOn = (about: string) =>
  `the saved state was made on ${about}, and this is another: it is not continued, the stage starts again`;

// stores
/** A store of a newer format. */
export const newerStore = (where: string, found: number, known: number) =>
  new IngotError(
    'newer-store',
    `The store ${where} was written by a newer Ingot (format ${found}, and this one knows ${known}). Update Ingot, or use another store. Nothing was changed.`,
  );
/** A folder that is no store, or a damaged one. */
export const notAStore = (where: string, why: string) =>
  new IngotError(
    'bad-store',
    `The store ${where} cannot be read: ${why}. Use another folder, or restore its store.json.`,
  );
/** A record that does not parse. */
export const damagedRecord = (where: string, address: string, why: string) =>
  new IngotError(
    'bad-store',
    `The store ${where} holds a record that cannot be read, '${address}': ${why}. Remove it; its stage runs again.`,
  );
/** Content that an artifact names and the store lacks. */
export const missingBlob = (where: string, digest: string) =>
  new IngotError(
    'bad-store',
    `The store ${where} has lost the content ${digest.slice(0, 12)}…, which an artifact needs. Remove the artifact; its stage runs again.`,
  );
/** A write that found no space. */
export const diskFull = (where: string, cause: unknown) =>
  new IngotError(
    'disk-full',
    `The store ${where} could not be written: no space is left there, or a file-size limit was met (${messageOf(cause)}). What was whole before is still whole. Free space ('ingot store gc'), or use another store.`,
    { cause },
  );
/** A write that was not allowed. */
export const notWritable = (where: string, cause: unknown) =>
  new IngotError(
    'not-writable',
    `The store ${where} cannot be written (${messageOf(cause)}). Wanted: a folder that this user may write. Give another store, or change its permissions.`,
    { cause },
  );
/** A key, or its beginning, that no artifact has, or several. */
export const unknownArtifact = (where: string, key: string, known: readonly string[]) =>
  new IngotError(
    'unknown-name',
    `The store ${where} has no single artifact whose key starts with '${key}'.${suggest(key, known)}`,
  );
/** An export to a place that is taken. */
export const targetExists = (path: string) =>
  new IngotError('bad-input', `'${path}' exists already. Export to a new folder.`);
/** An output that an artifact does not have. */
export const noSuchOutput = (where: string, key: string, port: string, known: readonly string[]) =>
  new IngotError(
    'unknown-name',
    `The artifact ${key.slice(0, 12)}… in the store ${where} has no output '${port}'.${suggest(port, known)}`,
  );
/** An output of another kind than was wanted. */
export const otherKind = (key: string, port: string, wanted: string, got: string) =>
  new IngotError(
    'bad-kind',
    `Output '${port}' of artifact ${key.slice(0, 12)}… is a '${got}'; wanted: '${wanted}'. Name another artifact or output.`,
  );
