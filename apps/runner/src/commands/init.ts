// `ingot init [template]`: a recipe to start from, with the line by which editors complete it.
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { IngotError, suggest } from '@ingot/core';
import { writeWhole } from '../runs/folder.js';
import { shownPath } from '../run-recipe.js';
import { DEFAULT_STORE } from '../session.js';
import { outJson, type AddCommand } from './app.js';
import { recipeSchema } from './schema.js';

/** Recipes that ship with the package. */
export const TEMPLATES = fileURLToPath(new URL('../../recipes/', import.meta.url));

/** Names of the templates with their first comment line. */
export const templates = (): { readonly name: string; readonly about: string; readonly path: string }[] =>
  readdirSync(TEMPLATES)
    .filter((file) => file.endsWith('.yaml'))
    .toSorted()
    .map((file) => {
      const path = join(TEMPLATES, file);
      return {
        name: basename(file, '.yaml'),
        about: readFileSync(path, 'utf8').split('\n')[0]?.replace(/^# ?/, '') ?? '',
        path,
      };
    });

/** Adds `init`. */
export const addInit: AddCommand = (program, { io, plugins }) => {
  program
    .command('init')
    .argument('[template]', 'which recipe to start from; without it they are listed')
    .description('write a recipe to start from, which editors complete by its JSON Schema')
    .option('--out <file>', 'where to write it (default <template>.yaml)')
    .option('--json', 'one JSON object')
    .action((name: string | undefined, options: { out?: string; json?: boolean }) => {
      const all = templates();
      if (name === undefined) {
        if (options.json)
          return outJson(io, { templates: all.map(({ name: template, about }) => ({ name: template, about })) });
        return io.out(
          `${all.map((template) => `${template.name.padEnd(16)} ${template.about}`).join('\n')}\n\nWrite one with: ingot init <template>\n`,
        );
      }
      const template = all.find((one) => one.name === name);
      if (!template)
        throw new IngotError(
          'unknown-name',
          `No template is called '${name}'.${suggest(
            name,
            all.map((one) => one.name),
          )}`,
        );
      const target = resolve(io.cwd, options.out ?? `${name}.yaml`);
      if (existsSync(target))
        throw new IngotError(
          'duplicate',
          `${shownPath(io, target)} exists already and is not overwritten. Give another name with --out.`,
        );
      const schema = resolve(io.cwd, DEFAULT_STORE, 'recipe.schema.json');
      mkdirSync(dirname(schema), { recursive: true });
      mkdirSync(dirname(target), { recursive: true });
      writeWhole(schema, `${JSON.stringify(recipeSchema(plugins), undefined, 2)}\n`);
      const line = `# yaml-language-server: $schema=${relative(dirname(target), schema).replaceAll('\\', '/')}\n`;
      writeWhole(target, `${line}${readFileSync(template.path, 'utf8')}`);
      if (options.json) return outJson(io, { recipe: target, schema });
      io.out(
        `Wrote ${shownPath(io, target)}. Next:\n  ingot plan ${shownPath(io, target)}\n  ingot run ${shownPath(io, target)}\n`,
      );
    });
};
