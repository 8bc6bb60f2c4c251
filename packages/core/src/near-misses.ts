// For a name that nobody knows: the nearest known ones, then all of them.
import { distance } from 'fastest-levenshtein';

const swapped = (a: string, b: string): boolean => {
  const at = [...a].findIndex((letter, i) => letter !== b[i]);
  return (
    at >= 0 &&
    a.length === b.length &&
    a[at] === b[at + 1] &&
    a[at + 1] === b[at] &&
    a.slice(at + 2) === b.slice(at + 2)
  );
};

/** Without its package: the names of one package are no nearer to each other for it. */
const own = (name: string): string => name.slice(name.lastIndexOf('/') + 1).toLowerCase();

/** Known names within a third of their length in edits, nearest first; two swapped neighbours count as one edit. */
export const nearMisses = (name: string, known: readonly string[]): string[] => {
  const wanted = own(name);
  const editsTo = (other: string) => (swapped(wanted, own(other)) ? 1 : distance(wanted, own(other)));
  return known
    .map((other) => ({ other, edits: editsTo(other) }))
    .filter(({ other, edits }) => edits <= Math.max(1, Math.floor(own(other).length / 3)))
    .sort((a, b) => a.edits - b.edits)
    .map(({ other }) => other);
};

/** " Did you mean 'dpo'? Known: bpe, dpo, text." with a leading space, to follow a sentence. */
export const suggest = (name: string, known: readonly string[]): string => {
  const near = nearMisses(name, known);
  const question = near.length > 0 ? ` Did you mean ${near.map((n) => `'${n}'`).join(' or ')}?` : '';
  return `${question} Known: ${[...new Set(known)].sort().join(', ') || 'none'}.`;
};
