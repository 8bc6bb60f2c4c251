// Describes stages and parts from their zod schemas: what `ingot stages` prints and `--json` gives.
import * as z from 'zod';
import type { AnyPart, AnyStage } from '@ingot/core';

/** One option of a stage or part. */
export interface DescribedOption {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly default?: unknown;
  readonly about?: string;
  /** Whether it is a view option: never in a key. */
  readonly view: boolean;
  /** The options inside of it, where it is an object. */
  readonly options?: readonly DescribedOption[];
}
/** A stage, or a part when `role` is given. */
export interface Described {
  readonly name: string;
  readonly role?: string;
  readonly version: number;
  readonly plugin: string;
  readonly about?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly options: readonly DescribedOption[];
}

interface JsonProperty {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonProperty[];
  readonly items?: JsonProperty;
  readonly properties?: Readonly<Record<string, JsonProperty>>;
  readonly required?: readonly string[];
  readonly default?: unknown;
  readonly description?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
}

const typeOf = (property: JsonProperty): string => {
  if (property.const !== undefined) return JSON.stringify(property.const);
  if (property.enum) return property.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (property.anyOf) return property.anyOf.map(typeOf).join(' | ');
  if (property.type === 'array') return property.items ? `list of ${typeOf(property.items)}` : 'list';
  const low =
    property.exclusiveMinimum !== undefined
      ? `> ${property.exclusiveMinimum}`
      : property.minimum !== undefined && property.minimum > Number.MIN_SAFE_INTEGER
        ? `≥ ${property.minimum}`
        : '';
  const high =
    property.maximum !== undefined && property.maximum < Number.MAX_SAFE_INTEGER ? `≤ ${property.maximum}` : '';
  return [property.type ?? 'a part', low, high].filter(Boolean).join(' ');
};

const propertiesOf = ({ properties = {}, required }: JsonProperty, view: boolean): DescribedOption[] =>
  Object.entries(properties).map(([name, property]) => ({
    name,
    type: typeOf(property),
    required: required?.includes(name) ?? false,
    ...(property.default === undefined ? {} : { default: property.default }),
    ...(property.description === undefined ? {} : { about: property.description }),
    view,
    ...(property.properties ? { options: propertiesOf(property, view) } : {}),
  }));
const optionsOf = (schema: z.ZodObject, view: boolean): DescribedOption[] =>
  propertiesOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonProperty, view);

type AnyPort = {
  readonly name?: string;
  readonly optional?: { readonly name: string };
  readonly many?: { readonly name: string };
  readonly sameAs?: string;
};
const portText = (port: AnyPort): string =>
  port.optional
    ? `${port.optional.name}?`
    : port.many
      ? `${port.many.name}[]`
      : port.sameAs
        ? `the kind of '${port.sameAs}'`
        : (port.name ?? '?');
const ports = (given: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(given).map(([name, port]) => [name, portText(port as AnyPort)]));
const about = (schema: z.ZodObject) => (schema.description === undefined ? {} : { about: schema.description });

/** A stage's ports, options with defaults and docs, and view options. */
export const describeStage = (stage: AnyStage, plugin: string): Described => ({
  name: stage.name,
  version: stage.version,
  plugin,
  ...about(stage.options),
  inputs: ports(stage.inputs),
  outputs: ports(stage.outputs),
  options: [...optionsOf(stage.options, false), ...optionsOf(stage.view, true)],
});

/** A part's role and options. */
export const describePart = (part: AnyPart, plugin: string): Described => ({
  name: part.name,
  role: part.role,
  version: part.version,
  plugin,
  ...about(part.options),
  options: optionsOf(part.options, false),
});
