// All shapes of rows that are known, by name.
import { hhRlhfShape } from './hh-rlhf.js';
import { alpacaShape } from './instruction.js';
import {
  alpacaLabelledShape,
  messagesLabelledShape,
  sharegptLabelledShape,
  stepwiseShape,
  unpairedShape,
} from './labelled.js';
import {
  alpacaPreferenceShape,
  implicitPreferenceShape,
  messagesPreferenceShape,
  preferenceShape,
  sharegptPreferenceShape,
} from './preference.js';
import { rankedShape } from './ranked.js';
import { messagesShape, promptCompletionShape, promptShape, sharegptShape, textShape } from './texts.js';
import type { Shape } from './shape.js';

/** The known shapes. */
export const SHAPES = [
  textShape,
  messagesShape,
  sharegptShape,
  alpacaShape,
  promptShape,
  promptCompletionShape,
  preferenceShape,
  implicitPreferenceShape,
  messagesPreferenceShape,
  sharegptPreferenceShape,
  alpacaPreferenceShape,
  hhRlhfShape,
  rankedShape,
  unpairedShape,
  messagesLabelledShape,
  sharegptLabelledShape,
  alpacaLabelledShape,
  stepwiseShape,
] as const satisfies readonly Shape[];
export type ShapeName = (typeof SHAPES)[number]['name'];

/** Names of the known shapes. */
export const SHAPE_NAMES = SHAPES.map(({ name }) => name) as readonly ShapeName[] as readonly [
  ShapeName,
  ...ShapeName[],
];

/** Every column that some shape reads. */
export const KNOWN_COLUMNS: readonly string[] = [
  ...new Set(SHAPES.flatMap(({ columns, optional }: Shape) => [...columns, ...optional])),
];

/** "text {text}, messages {messages, system?}, …". */
export const listShapes = (shapes: readonly Shape[] = SHAPES): string =>
  shapes
    .map(
      ({ name, columns, optional }) =>
        `${name} {${[...columns, ...optional.map((column) => `${column}?`)].join(', ')}}`,
    )
    .join(', ');
