// A shape of rows: which columns it has, what they hold, and what a row of it means.
import type { CompletionValue, Message, PromptValue } from '@ingot/contracts';
import * as z from 'zod';

/** What a row means, whatever its shape was. */
export type ShapedRow =
  | { readonly gives: 'text'; readonly text: string; readonly weight?: number }
  | { readonly gives: 'conversation'; readonly messages: readonly Message[] }
  | { readonly gives: 'prompt'; readonly prompt: PromptValue }
  | {
      readonly gives: 'completion';
      readonly prompt: PromptValue;
      readonly completion: string | readonly Message[];
      readonly weight?: number;
    }
  | { readonly gives: 'labelled'; readonly prompt: PromptValue; readonly completion: string; readonly label: boolean }
  | RankedRow;
export interface RankedRow {
  readonly gives: 'ranked';
  readonly prompt: PromptValue;
  /** Best first, two or more. */
  readonly completions: readonly CompletionValue[];
  readonly margin?: number;
  /** Whether the row's own scores or ranks call its best completion better than its worst; undefined where it has none, or they are equal. */
  readonly agrees?: boolean;
  /** Some answer is not one turn of the assistant after the shared prompt, so they do not answer one prompt. */
  readonly apart?: true;
}
export type Meaning = ShapedRow['gives'];

/** Stops reading a row: the message becomes an issue at a path below the field. */
export type Refuse = (message: string, path?: readonly (string | number)[]) => never;

/** How a refusal leaves the functions that read a row; `guarded` catches it. */
class Refusal extends Error {
  constructor(
    message: string,
    readonly path: readonly (string | number)[],
  ) {
    super(message);
  }
}
const refuse: Refuse = (message, path = []) => {
  throw new Refusal(message, path);
};

const guarded =
  <In, Out>(read: (value: In, refuse: Refuse) => Out) =>
  (input: In, context: z.core.$RefinementCtx): Out => {
    try {
      return read(input, refuse);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      context.issues.push({ code: 'custom', message: error.message, path: [...error.path], input });
      return z.NEVER;
    }
  };

/** A column that is read by a function, which refuses what it cannot read. */
export const field = <T>(read: (value: unknown, refuse: Refuse) => T) => z.unknown().transform(guarded(read));

type Fields = Readonly<Record<string, z.ZodType>>;
type Read<Columns extends Fields, Optional extends Fields> = {
  readonly [K in keyof Columns]: z.output<Columns[K]>;
} & { readonly [K in keyof Optional]?: z.output<Optional[K]> | undefined };

export interface Shape {
  readonly name: string;
  /** In a few words. */
  readonly about: string;
  /** What a row of it means: decides which stages can take it. */
  readonly gives: Meaning;
  /** Columns that every row has. */
  readonly columns: readonly string[];
  /** Columns that are read where they are. */
  readonly optional: readonly string[];
  /** Tells shapes with the same columns apart by what is in them. */
  readonly fits?: (values: Readonly<Record<string, unknown>>) => boolean;
  /** Checks a row and reads what it means; other columns do not matter. */
  readonly schema: z.ZodType<readonly ShapedRow[]>;
}

/** A shape of its columns; `read` is given them checked. */
export const shape = <const Name extends string, Columns extends Fields, Optional extends Fields = {}>(spec: {
  readonly name: Name;
  readonly about: string;
  readonly gives: Meaning;
  readonly columns: Columns;
  readonly optional?: Optional;
  readonly fits?: Shape['fits'];
  readonly read: (row: Read<Columns, Optional>, refuse: Refuse) => ShapedRow | readonly ShapedRow[];
}): Shape & { readonly name: Name } => {
  const optional = spec.optional ?? ({} as Optional);
  const maybe = Object.fromEntries(Object.entries(optional).map(([name, type]) => [name, type.optional()]));
  const checked = z.looseObject({ ...spec.columns, ...maybe });
  return {
    name: spec.name,
    about: spec.about,
    gives: spec.gives,
    columns: Object.keys(spec.columns),
    optional: Object.keys(optional),
    ...(spec.fits ? { fits: spec.fits } : {}),
    schema: checked.transform(
      guarded((row, refuses): readonly ShapedRow[] =>
        [spec.read(row as unknown as Read<Columns, Optional>, refuses)].flat(),
      ),
    ),
  };
};
