// `ingot schema`: the JSON Schema of recipes, made from the installed plugins' zod schemas, for editors.
import { createIngot } from '@ingot/core';
import type { AddCommand } from './app.js';

/** Adds `schema`. */
export const addSchema: AddCommand = (program, { io, plugins }) => {
  program
    .command('schema')
    .description('print the JSON Schema of recipes, by which editors complete and check them')
    .option('--json', 'as it is: the schema is JSON')
    .action(() => io.out(`${JSON.stringify(recipeSchema(plugins), undefined, 2)}\n`));
};

/** Core's schema with the runner's own fields, `plugins` and `$schema`. */
export const recipeSchema = (plugins: AddCommandPlugins): object => {
  const schema = createIngot({ plugins }).recipeSchema() as { properties: object };
  return {
    ...schema,
    properties: {
      $schema: { type: 'string' },
      plugins: {
        type: 'array',
        items: { type: 'string' },
        description: 'More plugins: packages or files, found from the folder of this recipe.',
      },
      ...schema.properties,
    },
  };
};
type AddCommandPlugins = Parameters<AddCommand>[1]['plugins'];
