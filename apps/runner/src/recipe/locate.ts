// Finds the line of a recipe that an error of core speaks of: core names things in quotes, the recipe's document knows where they stand.
import { isMap, isNode, isScalar, visit } from 'yaml';
import type { Position, RecipeFile } from './read.js';

const quoted = (message: string): string[] => [...message.matchAll(/'([^'\n]+)'/g)].map((match) => match[1] ?? '');

/** Names that the message asks for come before "Did you mean" and "Known", which list names that stand elsewhere. */
const complaint = (message: string): string =>
  message.split(/ Did you mean| Known: |\nIt wants |\nIts options/)[0] ?? message;

/** The stage of the recipe that the message names, if any. */
export const stageOf = (recipe: RecipeFile, message: string): string | undefined => {
  const stages = recipe.data['stages'];
  if (typeof stages !== 'object' || stages === null) return undefined;
  return quoted(complaint(message)).find((name) => Object.hasOwn(stages, name));
};

/** zod says "→ at how.lr" for a value inside options. */
const zodPath = (message: string): string[] =>
  /→ at ([\w.[\]-]+)/
    .exec(message)?.[1]
    ?.split(/[.[\]]+/)
    .filter(Boolean) ?? [];

/**
 * The place that a message about a recipe speaks of: the last quoted name found inside the stage that it names, else in the whole document.
 * Undefined when nothing of it stands in the file.
 */
export const locate = (recipe: RecipeFile, message: string): Position | undefined => {
  const stage = stageOf(recipe, message);
  const scope = stage === undefined ? recipe.document.contents : recipe.document.getIn(['stages', stage], true);
  const options = zodPath(message);
  if (stage === undefined && options.length > 0) return recipe.position(options);
  if (stage !== undefined && options.length > 0) {
    for (const path of [
      ['stages', stage, 'how', ...options],
      ['stages', stage, ...options],
    ])
      if (recipe.document.hasIn(path)) return recipe.position(path);
  }
  const names = quoted(complaint(message))
    .filter((name) => name !== stage && name !== recipe.data['name'])
    .toReversed();
  for (const name of names) {
    let offset: number | undefined;
    if (isNode(scope)) {
      visit(scope, {
        Scalar: (_key, node) => {
          if (offset === undefined && isScalar(node) && String(node.value) === name && node.range)
            offset = node.range[0];
        },
      });
    }
    if (offset !== undefined) {
      const { line, col } = recipe.lines.linePos(offset);
      return { line, column: col };
    }
  }
  if (stage !== undefined) return recipe.position(['stages', stage]);
  return isMap(recipe.document.contents) && names.length > 0 ? undefined : { line: 1, column: 1 };
};
