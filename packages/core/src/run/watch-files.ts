// The default watcher of files: says that something changed in these places, by chokidar, which knows the moods of each platform.
import { realpathSync, statSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';

/** What a watcher tells. */
export interface WatchTold {
  changed(path: string): void;
  failed(error: unknown): void;
}
/**
 * Watches files and folders (absolute; some may not be there yet), and tells changes until the returned function is called.
 * A change too many costs one plan; one that is missed is a stale result. Resolves when it watches.
 */
export type FileWatcher = (places: readonly string[], told: WatchTold) => Promise<() => Promise<void>>;

/** Milliseconds to wait after a change: chokidar swallows what follows within 50 of it, and what was swallowed must be over before anybody reads. */
export const LEAST_QUIET = 60;

const kindOf = (path: string): 'folder' | 'file' | 'missing' => {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? 'missing' : stats.isDirectory() ? 'folder' : 'file';
};
const real = (path: string): string => (kindOf(path) === 'missing' ? path : realpathSync(path));
/** The nearest folder above that is there. */
const folderAbove = (path: string): string => {
  const above = dirname(path);
  return above === path || kindOf(above) === 'folder' ? above : folderAbove(above);
};
/** Whether a path is another one, or lies in it. */
export const isInside = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
/** Folders that nobody's data is in; a watched place may itself lie in one. */
const SKIPPED = /[\\/](node_modules|\.git)([\\/]|$)/;

/**
 * Files are watched through the folder that they are in: an editor that writes by rename replaces the file, not the folder.
 * A place that is not there yet is waited for in the nearest folder above it.
 */
export const watchFiles: FileWatcher = async (places, { changed, failed }) => {
  const { watch } = await import('chokidar');
  const all = [...new Set(places.flatMap((place) => [resolve(place), real(resolve(place))]))];
  const folders = all.filter((place) => kindOf(place) === 'folder');
  const files = all.filter((place) => !folders.includes(place));
  const above = [...new Set(files.map(folderAbove))];
  const open = [
    watch(folders, {
      ignoreInitial: true,
      ignored: (path) => folders.every((folder) => !isInside(path, folder) || SKIPPED.test(path.slice(folder.length))),
    }),
    // one folder deep, and of that only what leads to a place: a folder of a thousand files costs one handle
    watch(above, {
      ignoreInitial: true,
      depth: 0,
      ignored: (path) => !above.includes(path) && files.every((file) => !isInside(file, path)),
    }),
  ];
  const ready = open.map(
    (watcher, i) =>
      new Promise<void>((done) => {
        watcher.on('error', failed);
        watcher.on('all', (_, path) => {
          if (i === 0 || files.some((file) => isInside(file, path) || isInside(path, file))) changed(path);
        });
        watcher.on('ready', () => done());
      }),
  );
  await Promise.all(ready.filter((_, i) => (i === 0 ? folders : above).length > 0));
  return async () => void (await Promise.all(open.map((watcher) => watcher.close())));
};
