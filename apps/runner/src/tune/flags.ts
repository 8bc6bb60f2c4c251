// Flags of a stage from the command line: `--beta 0.2 --adapter.rank 16 --optimiser.lr=1e-4` become options by their dotted names.
import type { AnyStage } from '@ingot/core';
import { IngotError } from '@ingot/core';
import type { Described } from '../describe.js';
import { UsageError } from '../exit-codes.js';
import { applySets } from '../recipe/set.js';

/** `--name value`, `--name=value`; a name alone is true; `--set name=value` is the same as `--name value`. Throws UsageError for a word that belongs to no flag. */
export const readFlags = (words: readonly string[]): readonly (readonly [name: string, value: string])[] => {
  const flags: [string, string][] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (!word.startsWith('--') || word === '--')
      throw new UsageError(`'${word}' belongs to no flag. Wanted --<option> <value>, for example --beta 0.2.`);
    const [name = '', ...value] = word.slice(2).split('=');
    const next = words[at + 1];
    if (name === 'set') {
      const text = value.length > 0 ? value.join('=') : (next ?? '');
      const [option = '', ...to] = text.split('=');
      if (option === '' || to.length === 0)
        throw new UsageError(`--set '${text}' wants option=value, for example --set beta=0.2.`);
      flags.push([option, to.join('=')]);
      if (value.length === 0) at++;
    } else if (value.length > 0) flags.push([name, value.join('=')]);
    else if (next === undefined || (next.startsWith('--') && next !== '--')) flags.push([name, 'true']);
    else {
      flags.push([name, next]);
      at++;
    }
  }
  return flags;
};

/** The options of a stage that flags ask for, as a recipe's `how`. Throws core's errors with the flag in front. */
export const howOf = (
  stage: string,
  flags: readonly (readonly [string, string])[],
  stages: ReadonlyMap<string, AnyStage>,
): Record<string, unknown> => {
  const sets = flags.map(([name, value]) => `${stage}.${name}=${value}`);
  try {
    const made = applySets({ stages: { [stage]: { use: stage, how: {} } } }, sets, stages);
    return (made['stages'] as Record<string, { how: Record<string, unknown> }>)[stage]?.how ?? {};
  } catch (error) {
    throw asFlag(error, stage);
  }
};

/** An error that speaks of `--set 'dpo.beta=x'` or of the stage's options, in the words of flags. */
export const asFlag = (error: unknown, stage: string): unknown =>
  IngotError.is(error)
    ? new IngotError(
        error.code,
        error.message.replaceAll(new RegExp(`--set '${stage}\\.([^']*)'`, 'g'), (_, set: string) => `--${set}`),
        { cause: error },
      )
    : error;

const flagLines = (options: Described['options'], prefix: string): string[] =>
  options.flatMap(({ name, type, default: fallback, about, options: inner }) => {
    // An object's own line would say what its options say one by one; of a part they depend on which it is.
    if (inner) return flagLines(inner, `${prefix}${name}.`);
    const left = `  --${prefix}${name}${type === 'a part' ? '.…' : ''} <${type}>`;
    const byDefault = fallback === undefined ? '' : ` (default ${JSON.stringify(fallback)})`;
    return [`${left.padEnd(34)} ${about ?? ''}${byDefault}`];
  });
/** The stage's options as help lists them, those inside of others by their dotted names. */
export const flagHelp = ({ options }: Described): string => flagLines(options, '').join('\n');
