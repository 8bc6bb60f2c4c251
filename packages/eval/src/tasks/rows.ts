// A file of the user's own tasks: one JSON object a line, its kind told by its keys.
import { IngotError, messageOf, suggest } from '@ingot/core';
import { compileExtract } from '@ingot/text';
import * as z from 'zod';
import type { ChoiceItem } from './multiple-choice.js';
import type { GenerateItem } from './exact-match.js';

/** A row as an item of one kind; `line` counts from 1. */
export type TaskRow = { readonly line: number } & (
  | { readonly kind: 'text'; readonly text: string }
  | ({ readonly kind: 'choice' } & ChoiceItem)
  | ({ readonly kind: 'generate' } & GenerateItem)
);
export type RowKind = TaskRow['kind'];

/** Where generation ends unless a row says otherwise: the harness's separator of few-shot examples. */
const UNTIL = ['\n\n'];
const one = z.union([z.string(), z.number().transform(String)]);
const named = { id: z.union([z.string(), z.number()]).optional() };

const TextRow = z.strictObject({ ...named, text: z.string().min(1) });
const ChoiceRow = z.strictObject({
  ...named,
  prompt: z.string(),
  choices: z.array(z.string().min(1)).min(2),
  answer: z.union([z.int(), z.string()]),
});
const GenerateRow = z.strictObject({
  ...named,
  prompt: z.string(),
  answer: z.union([one, z.array(one).min(1)]).optional(),
  target: z.union([one, z.array(one).min(1)]).optional(),
  until: z.union([z.string(), z.array(z.string())]).optional(),
  extract: z.string().optional(),
});

const KINDS = {
  text: TextRow,
  choice: ChoiceRow,
  generate: GenerateRow,
} as const satisfies Record<RowKind, z.ZodObject>;
const SHAPES: Readonly<Record<RowKind, string>> = {
  text: '{text}',
  choice: '{prompt, choices, answer}',
  generate: '{prompt, answer} or {prompt, target, until?, extract?}',
};

const kindOf = (row: object): RowKind => ('text' in row ? 'text' : 'choices' in row ? 'choice' : 'generate');
const listed = (given: string | readonly string[]): readonly string[] => (typeof given === 'string' ? [given] : given);

function refuse(where: string, wanted: string, got: string): never {
  throw new IngotError('bad-input', `${where}: wanted ${wanted}, got ${got}.`);
}

function parseChoice(row: z.output<typeof ChoiceRow>, where: string): ChoiceItem {
  const { prompt, choices, answer } = row;
  const index = typeof answer === 'number' ? answer : choices.indexOf(answer);
  if (!(index >= 0 && index < choices.length))
    refuse(
      where,
      `an answer that is one of the choices, or its index from 0 to ${choices.length - 1}`,
      JSON.stringify(answer),
    );
  return { prompt, choices, answer: index };
}

function parseGenerate(row: z.output<typeof GenerateRow>, where: string): GenerateItem {
  const { prompt, answer, target, until, extract } = row;
  const given = answer ?? target;
  if (given === undefined || (answer !== undefined && target !== undefined))
    refuse(where, "either 'answer' or 'target'", given === undefined ? 'neither' : 'both');
  if (extract !== undefined) compileExtract(extract, where);
  return { prompt, targets: listed(given), until: until === undefined ? UNTIL : listed(until), extract };
}

function parseRow(row: unknown, line: number, where: string): TaskRow {
  if (typeof row !== 'object' || row === null || Array.isArray(row))
    refuse(
      where,
      `an object: ${Object.values(SHAPES).join(', ')}`,
      Array.isArray(row) ? 'a list' : JSON.stringify(row),
    );
  const kind = kindOf(row);
  const known = Object.keys(KINDS[kind].shape);
  const unknown = Object.keys(row).find((key) => !known.includes(key));
  if (unknown !== undefined)
    refuse(where, SHAPES[kind], `a key '${unknown}'.${suggest(unknown, known)}`.replace(/\.$/u, ''));
  const parse = <Schema extends z.ZodType>(schema: Schema): z.output<Schema> => {
    const parsed = schema.safeParse(row);
    if (!parsed.success) refuse(where, SHAPES[kind], z.prettifyError(parsed.error).replaceAll(/\s*\n\s*/gu, ' '));
    return parsed.data as z.output<Schema>;
  };
  const read = {
    text: (): TaskRow => ({ kind: 'text', line, text: parse(TextRow).text }),
    choice: (): TaskRow => ({ kind: 'choice', line, ...parseChoice(parse(ChoiceRow), where) }),
    generate: (): TaskRow => ({ kind: 'generate', line, ...parseGenerate(parse(GenerateRow), where) }),
  } satisfies Record<RowKind, () => TaskRow>;
  return read[kind]();
}

/**
 * Rows of a tasks file; empty lines are passed over. Only the `allowed` kinds are taken where they are given.
 * Throws `bad-input` that names the file and the line: no JSON, no known kind, a misspelt key, a wrong answer, a bad pattern, or no row at all.
 */
export function parseTaskRows(content: string, file: string, allowed?: readonly RowKind[]): TaskRow[] {
  const rows = content.split(/\r?\n/u).flatMap((text, i): TaskRow[] => {
    if (text.trim() === '') return [];
    const where = `${file}, line ${i + 1}`;
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch (error) {
      throw new IngotError('bad-input', `${where}: wanted one JSON object, got ${messageOf(error)}.`, { cause: error });
    }
    const row = parseRow(json, i + 1, where);
    if (allowed && !allowed.includes(row.kind))
      refuse(where, allowed.map((kind) => SHAPES[kind]).join(' or '), `a row of the form ${SHAPES[row.kind]}`);
    return [row];
  });
  if (rows.length === 0)
    refuse(
      file,
      `lines of ${(allowed ?? (Object.keys(SHAPES) as RowKind[])).map((kind) => SHAPES[kind]).join(', ')}`,
      'none',
    );
  return rows;
}
