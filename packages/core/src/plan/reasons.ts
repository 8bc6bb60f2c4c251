// Why a key changed: the difference between two materials, in words.
import { canonical } from '../canonical.js';

const leaves = (value: unknown, path = ''): [string, string][] =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0
    ? Object.entries(value).flatMap(([key, item]) => leaves(item, path === '' ? key : `${path}.${key}`))
    : [[path, JSON.stringify(value)]];

const said = (path: string, before: string | undefined, now: string | undefined): string => {
  const port = /^inputs\.(.+)$/.exec(path);
  if (port)
    return before === undefined
      ? `input '${port[1]}' is new`
      : now === undefined
        ? `input '${port[1]}' is gone`
        : `input '${port[1]}' changed`;
  if (path === 'source') return 'the content of the source changed';
  if (path === 'version') return `stage version: ${before} → ${now}`;
  if (path.startsWith('services.'))
    return `service '${path.slice('services.'.length)}': ${before ?? 'absent'} → ${now ?? 'absent'}`;
  if (path.startsWith('options.')) {
    const option = path.slice('options.'.length);
    if (option.endsWith('.version'))
      return `version of the part in '${option.slice(0, -'.version'.length)}': ${before ?? 'absent'} → ${now ?? 'absent'}`;
    return `option '${option.replaceAll('.options.', '.')}': ${before ?? 'absent'} → ${now ?? 'absent'}`;
  }
  return `${path}: ${before ?? 'absent'} → ${now ?? 'absent'}`;
};

/** "option 'beta': 0.1 → 0.2": what differs between two key materials, each canonical JSON. */
export const difference = (before: string, after: string): string => {
  const [old, now] = [before, after].map((text) => new Map(leaves(JSON.parse(text)))) as [
    Map<string, string>,
    Map<string, string>,
  ];
  const paths = [...new Set([...old.keys(), ...now.keys()])].filter((path) => old.get(path) !== now.get(path));
  return [...new Set(paths.map((path) => said(path, old.get(path), now.get(path))))].join('; ');
};

/** Canonical JSON of what makes up a key; fields that are undefined are left out. */
export const materialOf = (
  parts: {
    readonly stage: string;
    readonly version: number;
    readonly options: unknown;
    readonly inputs: Readonly<Record<string, string | readonly string[]>>;
    readonly services: Readonly<Record<string, string>>;
    readonly source?: string | undefined;
    readonly seed?: number | undefined;
    readonly once?: string | undefined;
  },
  where: string,
): string => canonical(parts, where);
