// `ingot stages`: every stage and part with ports, options, defaults and docs, read from the zod schemas.
import pc from 'picocolors';
import { IngotError, suggest } from '@ingot/core';
import { describePart, describeStage, type Described } from '../describe.js';
import { outJson, type AddCommand } from './app.js';

const render = (described: Described, c: ReturnType<typeof pc.createColors>): string => {
  const lines = [
    `${c.bold(described.name)} ${c.dim(`${described.role ?? 'stage'}, version ${described.version}, from ${described.plugin}`)}`,
  ];
  if (described.about) lines.push(`  ${described.about}`);
  const ports = (title: string, given: Readonly<Record<string, string>>) => {
    const list = Object.entries(given).map(([port, kind]) => `${port}: ${kind}`);
    if (list.length > 0) lines.push(`  ${c.dim(title.padEnd(8))} ${list.join(', ')}`);
  };
  ports('inputs', described.inputs ?? {});
  ports('outputs', described.outputs ?? {});
  for (const option of described.options) {
    const fallback = option.required
      ? c.yellow('required')
      : option.default === undefined
        ? c.dim('optional')
        : c.dim(`= ${JSON.stringify(option.default)}`);
    lines.push(
      `  ${c.cyan(option.name.padEnd(20))} ${option.type.padEnd(18)} ${fallback}${option.view ? c.dim(' (view: not in the key)') : ''}`,
    );
    if (option.about) lines.push(`  ${' '.repeat(20)} ${option.about}`);
  }
  return lines.join('\n');
};

/** Adds `stages`. */
export const addStages: AddCommand = (program, { io, plugins }) => {
  program
    .command('stages')
    .argument('[name]', 'one stage or part')
    .description('list every stage and part: ports, options, defaults, docs')
    .option('--json', 'one JSON object')
    .action((name: string | undefined, options: { json?: boolean }) => {
      const stages = plugins.flatMap((plugin) =>
        (plugin.stages ?? []).map((stage) => describeStage(stage, plugin.name)),
      );
      const parts = plugins.flatMap((plugin) => (plugin.parts ?? []).map((part) => describePart(part, plugin.name)));
      const wanted = (all: readonly Described[]) => all.filter((one) => name === undefined || one.name === name);
      if (name !== undefined && wanted([...stages, ...parts]).length === 0)
        throw new IngotError(
          'unknown-name',
          `No stage or part is called '${name}'.${suggest(
            name,
            [...stages, ...parts].map((one) => one.name),
          )}`,
        );
      if (options.json) return outJson(io, { stages: wanted(stages), parts: wanted(parts) });
      const c = pc.createColors(io.colours);
      io.out(
        `${wanted(stages)
          .map((one) => render(one, c))
          .join('\n\n')}\n`,
      );
      if (wanted(parts).length > 0)
        io.out(
          `\n${name === undefined ? `${c.bold('Parts')} ${c.dim('chosen inside options: { use: <name>, … }')}\n\n` : ''}${wanted(
            parts,
          )
            .map((one) => render(one, c))
            .join('\n\n')}\n`,
        );
    });
};
