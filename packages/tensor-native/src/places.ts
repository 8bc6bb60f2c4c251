// Where an addon for this machine can lie: built in the package's folder or in the user's cache, or a prebuilt package.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
/** The folder of this package. */
export const packageFolder = fileURLToPath(new URL('..', import.meta.url));
const manifestOf = (path: string): { readonly version: string; readonly main?: string } =>
  JSON.parse(readFileSync(path, 'utf8')) as { version: string; main?: string };
const { version } = manifestOf(join(packageFolder, 'package.json'));

let named: string | undefined;
/** linux-x64, linux-arm64-musl, darwin-arm64, …: what an addon is built for. */
export const platform = (): string => {
  if (named !== undefined) return named;
  named = `${process.platform}-${process.arch}`;
  if (process.platform === 'linux') {
    Object.assign(process.report, { excludeNetwork: true }); // else it looks up the names of open connections
    const { header } = process.report.getReport() as { readonly header: { readonly glibcVersionRuntime?: string } };
    if (header.glibcVersionRuntime === undefined) named += '-musl';
  }
  return named;
};

/** The user's cache of this version: what cannot be built into a package folder that is not writable. */
const cacheFolder = (): string => {
  const caches: Readonly<Record<string, string>> = {
    darwin: join(homedir(), 'Library', 'Caches'),
    win32: process.env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'),
  };
  const cache = process.env['XDG_CACHE_HOME'] || (caches[process.platform] ?? join(homedir(), '.cache'));
  return join(cache, 'ingot', version);
};

/** Where an addon is built, in order: the package's own folder, then the user's cache. */
export const buildFolders = (): readonly string[] => [join(packageFolder, 'build'), cacheFolder()];

/** The name of the addon in such a folder. */
export const builtName = (): string => `ingot-${platform()}.node`;

/** The addon of the optional package for this platform; undefined where it is not installed, or of another version. */
const prebuilt = (): string | undefined => {
  try {
    const manifest = require.resolve(`@ingot/tensor-native-${platform()}/package.json`);
    const { version: theirs, main } = manifestOf(manifest);
    return theirs === version && main !== undefined ? join(dirname(manifest), main) : undefined;
  } catch {
    return undefined;
  }
};

/** Every addon that is here, most wanted first: what was built for this machine goes before what was installed. INGOT_ADDON names another one, alone. */
export const addonPaths = (): readonly string[] => {
  const other = process.env['INGOT_ADDON'];
  if (other) return [other];
  const built = buildFolders().map((folder) => join(folder, builtName()));
  return [...built.filter(existsSync), ...[prebuilt()].filter((path) => path !== undefined)];
};
