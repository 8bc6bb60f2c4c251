// `--set stage.option=value`: changes an option of a recipe before it is planned, through the same zod checks as the file.
import * as z from 'zod';
import { parse } from 'yaml';
import { IngotError, suggest, type AnyStage } from '@ingot/core';

type Plain = Record<string, unknown>;
const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One `--set`, split: `base.optimiser.lr=1e-3` -> stage 'base', path ['optimiser', 'lr'], text '1e-3'. Throws 'bad-options' on another form. */
export const splitAssignment = (
  text: string,
): { readonly stage: string; readonly path: readonly string[]; readonly value: string } => {
  const at = text.indexOf('=');
  const [stage = '', ...path] = text.slice(0, Math.max(at, 0)).split('.');
  if (at < 0 || !stage || path.length === 0 || path.some((part) => part === '')) {
    throw new IngotError('bad-options', `--set '${text}' wants stage.option=value, for example --set base.steps=100.`);
  }
  return { stage, path, value: text.slice(at + 1) };
};

/** The value as YAML reads it (numbers, true, lists), or the bare text where only that fits the option's own schema: `--set corpus.path=2024`. */
const typed = (text: string, option: AnyStage['options']['shape'][string] | undefined): unknown => {
  let value: unknown;
  try {
    value = text === '' ? '' : parse(text);
  } catch {
    return text;
  }
  const isText = option?.safeParse(text).success === true;
  if (option && value !== null && typeof value !== 'string' && !option.safeParse(value).success && isText) return text;
  return !isText && /^[+-]?(nan|infinity)$/i.test(text)
    ? Number(text.replace(/nan/i, 'NaN').replace(/i(?=nfinity)/i, 'I'))
    : value;
};

/** What an option is when nobody sets it, where that is a choice of a part: `model.optimiser.lr=…` changes the default optimiser. */
const defaultChoice = (option: AnyStage['options']['shape'][string] | undefined): Plain | undefined =>
  option instanceof z.ZodPrefault && isPlain(option.def.defaultValue)
    ? structuredClone(option.def.defaultValue)
    : undefined;

const child = (parent: Plain | unknown[], key: string, where: string): Plain | unknown[] => {
  const next = Array.isArray(parent) ? parent[Number(key)] : parent[key];
  if (next === undefined && !Array.isArray(parent)) return (parent[key] = {});
  if (isPlain(next) || Array.isArray(next)) return next;
  throw new IngotError(
    'bad-options',
    `${where}: '${key}' is ${next === undefined ? 'past the end of a list' : `the value ${JSON.stringify(next)}`}, so nothing can be set inside it. Set '${key}' as a whole.`,
  );
};

/**
 * A copy of the recipe with the assignments made, in order. `seed=7` sets the pipeline's seed; `=null` takes an option that cannot be null back to its default.
 * Throws 'unknown-name' for a stage that the recipe lacks; options themselves are checked by core when the recipe is wired.
 */
export const applySets = (
  recipe: Plain,
  assignments: readonly string[],
  stages: ReadonlyMap<string, AnyStage>,
): Plain => {
  const copy = structuredClone(recipe);
  for (const assignment of assignments) {
    if (/^seed=\d+$/.test(assignment)) {
      copy['seed'] = Number(assignment.slice(5));
      continue;
    }
    const { stage, path, value } = splitAssignment(assignment);
    const where = `--set '${assignment}'`;
    const nodes = isPlain(copy['stages']) ? copy['stages'] : {};
    const node = nodes[stage];
    if (!isPlain(node))
      throw new IngotError(
        'unknown-name',
        `${where} asks for stage '${stage}' of the recipe.${suggest(stage, Object.keys(nodes))}`,
      );
    const spec = stages.get(String(node['use']));
    const option =
      path.length === 1 ? (spec?.options.shape[path[0] ?? ''] ?? spec?.view.shape[path[0] ?? '']) : undefined;
    let at: Plain | unknown[] = isPlain(node['how']) ? node['how'] : ((node['how'] = {}) as Plain);
    const [top = ''] = path;
    if (path.length > 1 && isPlain(at) && at[top] === undefined) {
      const choice = defaultChoice(spec?.options.shape[top] ?? spec?.view.shape[top]);
      if (choice) at[top] = choice;
    }
    for (const key of path.slice(0, -1)) at = child(at, key, where);
    const last = path.at(-1) ?? '';
    const next = typed(value, option);
    if (Array.isArray(at)) at[Number(last)] = next;
    else if (next === null && option && !option.safeParse(null).success) delete at[last]; // back to its default
    else at[last] = next;
  }
  return copy;
};
