// The JSON Schema that an editor completes recipes by: one definition per stage and per part role.
import * as z from 'zod';
import type { AnyPart } from './part.js';
import { inputPort } from './ports.js';
import { roleOf } from './slot.js';
import type { AnyStage } from './stage.js';

interface ObjectSchema {
  readonly properties?: Record<string, object>;
  readonly required?: readonly string[];
}
const fields = (schema: z.ZodObject): ObjectSchema =>
  z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const role = roleOf(zodSchema);
      if (role !== undefined) Object.assign(jsonSchema, { $ref: `#/$defs/${role}` });
    },
  }) as ObjectSchema;
const closed = (properties: object, required: readonly string[]) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const path = { type: 'string', pattern: '^[a-z][a-z0-9-]*\\.\\w+$' };

const stageSchema = (stage: AnyStage): object => {
  const [options, view] = [fields(stage.options), fields(stage.view)];
  const ports = Object.entries(stage.inputs).map(([name, port]) => [name, inputPort(port)] as const);
  const required = ports.filter(([, port]) => !port.optional).map(([name]) => name);
  const from = closed(
    Object.fromEntries(ports.map(([name, port]) => [name, port.many ? { type: 'array', items: path } : path])),
    required,
  );
  const mustHow = [...(options.required ?? []), ...(view.required ?? [])];
  const how = closed({ ...options.properties, ...view.properties }, mustHow);
  const must = ['use', ...(required.length > 0 ? ['from'] : []), ...(mustHow.length > 0 ? ['how'] : [])];
  return closed({ use: { const: stage.name }, from, how }, must);
};
const partSchema = (part: AnyPart): object => {
  const options = fields(part.options);
  return closed({ use: { const: part.name }, ...options.properties }, ['use', ...(options.required ?? [])]);
};

/** JSON Schema 2020-12 of every recipe that these stages and parts allow. */
export const recipeSchema = (stages: readonly AnyStage[], parts: readonly AnyPart[]): object => {
  const roles = [...new Set(parts.map((part) => part.role))];
  const partSchemas = roles.map(
    (role) => [role, { oneOf: parts.filter((part) => part.role === role).map(partSchema) }] as const,
  );
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $defs: { ...Object.fromEntries(partSchemas), stage: { oneOf: stages.map(stageSchema) } },
    ...closed(
      {
        name: { type: 'string', pattern: '^[a-z][a-z0-9-]*$' },
        seed: { type: 'integer' },
        stages: { type: 'object', additionalProperties: { $ref: '#/$defs/stage' } },
        outputs: { type: 'object', additionalProperties: path },
      },
      ['name', 'stages', 'outputs'],
    ),
  };
};
