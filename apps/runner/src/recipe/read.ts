// Reads a recipe file, YAML or JSON, and remembers where each thing stands, so that an error can name a line.
import { readFileSync } from 'node:fs';
import { isNode, isScalar, isMap, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import { IngotError } from '@ingot/core';

/** A place in a recipe file, counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}
/** A recipe file as plain data, with a way from a path inside it to a line. */
export interface RecipeFile {
  readonly path: string;
  readonly data: Record<string, unknown>;
  /** Where the value at this path, or its nearest parent, stands. */
  position(path: readonly (string | number)[]): Position;
  readonly document: Document;
  readonly lines: LineCounter;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'reading it is not allowed',
  ENOTDIR: 'a part of the path is a file, not a folder',
};

const readText = (path: string, shown: string): string => {
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new IngotError(
      'bad-recipe',
      `Recipe '${shown}' cannot be read: ${reasons[code] ?? code}. Wanted a YAML or JSON file. Try 'ingot init' for one to start from.`,
    );
  }
  if (content.length === 0)
    throw new IngotError(
      'bad-recipe',
      `Recipe '${shown}' is empty. Wanted a mapping with name, stages and outputs. Try 'ingot init' for one to start from.`,
    );
  if (content.includes(0))
    throw new IngotError(
      'bad-recipe',
      `Recipe '${shown}' is a binary file. Wanted YAML or JSON text. Give the recipe, not the data or the model.`,
    );
  return content.toString('utf8');
};

/**
 * Parses a recipe's text. JSON is read as the YAML that it is, so both have line numbers.
 * Throws 'bad-recipe' with the line for a syntax error, a duplicate key, or a document that is not a mapping.
 */
export const parseRecipeText = (text: string, path: string): RecipeFile => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [first] = document.errors;
  if (first) {
    const at = lines.linePos(first.pos[0]);
    throw new IngotError(
      'bad-recipe',
      `${path}:${at.line}:${at.col}: this is not well-formed YAML. ${first.message.split('\n')[0]}`,
    );
  }
  const data: unknown = document.toJS();
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw new IngotError(
      'bad-recipe',
      `${path}:1:1: wanted a mapping with name, stages and outputs, got ${data === null ? 'nothing' : Array.isArray(data) ? 'a list' : `a ${typeof data}`}. Try 'ingot init' for a recipe to start from.`,
    );
  }
  const place = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const position = (wanted: readonly (string | number)[]): Position => {
    for (let length = wanted.length; length > 0; length--) {
      const parent = length === 1 ? document.contents : document.getIn(wanted.slice(0, length - 1), true);
      const last = wanted[length - 1];
      if (isMap(parent)) {
        const key = parent.items.find(
          (pair) => String(isScalar(pair.key) ? pair.key.value : pair.key) === String(last),
        )?.key;
        if (isNode(key) && key.range) return place(key.range[0]);
      }
      if (isSeq(parent)) {
        const item = parent.items[Number(last)];
        if (isNode(item) && item.range) return place(item.range[0]);
      }
    }
    return { line: 1, column: 1 };
  };
  return { path, data: data as Record<string, unknown>, position, document, lines };
};

/** Reads and parses a recipe file; `shown` is the path as the user gave it. Throws 'bad-recipe'. */
export const readRecipe = (path: string, shown: string): RecipeFile => parseRecipeText(readText(path, shown), shown);
