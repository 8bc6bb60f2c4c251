// `ingot store`: what the store holds, and its care.
import { resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import pc from 'picocolors';
import { collectGarbage, exportArtifact, findKey, listArtifacts, pinArtifact } from '@ingot/core';
import { isModel, exportModel } from '../sample/export.js';
import { splitArtifact } from '../sample/source.js';
import { openExisting } from '../session.js';
import { shownPath } from '../run-recipe.js';
import { bytes, duration } from '../terminal/format.js';
import { renderTable } from '../terminal/table.js';
import { outJson, type AddCommand } from './app.js';

interface Options {
  readonly store?: string;
  readonly json?: boolean;
}

const UNITS: Readonly<Record<string, number>> = { '': 1, B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };
const size = (text: string): number => {
  const [, number = '', unit = ''] = /^([\d.]+)\s*([KMGT]?B?)$/i.exec(text.trim()) ?? [];
  const factor = UNITS[unit.toUpperCase()];
  if (number === '' || factor === undefined || !Number.isFinite(Number(number)))
    throw new InvalidArgumentError('Wanted a size, for example 500MB or 10GB.');
  return Number(number) * factor;
};
const common = (command: Command): Command =>
  command.option('--store <dir>', 'the store (default .ingot)').option('--json', 'one JSON object');

/** Adds `store ls`, `gc`, `pin`, `unpin` and `export`. */
export const addStore: AddCommand = (program, { io, plugins }) => {
  const c = pc.createColors(io.colours);
  const store = program.command('store').description('look after the store: list, free, pin, export');

  common(store.command('ls').description('list artifacts, longest unused first')).action(async (options: Options) => {
    const rows = await listArtifacts(openExisting(io, options.store));
    if (options.json) return outJson(io, { artifacts: rows });
    if (rows.length === 0) return io.out('The store holds no artifacts yet.\n');
    io.out(
      `${renderTable(
        rows.map((row) => ({
          key: row.key.slice(0, 12),
          stage: row.stage,
          outputs: Object.keys(row.outputs).join(', '),
          size: bytes(row.bytes),
          took: duration(row.milliseconds),
          made: row.made.slice(0, 16).replace('T', ' '),
          pinned: row.pinned ? c.cyan('pinned') : '',
        })),
        io.colours,
      )}\n`,
    );
  });

  common(
    store
      .command('gc')
      .description(
        'free what nothing refers to, and beyond the budget what was longest unused; never what is pinned or in use',
      ),
  )
    .option('--budget <size>', 'keep at most so much, for example 10GB', size)
    .option('--dry-run', 'say what would go, free nothing')
    .action(async (options: Options & { budget?: number; dryRun?: boolean }) => {
      const report = await collectGarbage(openExisting(io, options.store), {
        dryRun: Boolean(options.dryRun),
        ...(options.budget === undefined ? {} : { budget: options.budget }),
      });
      if (options.json) return outJson(io, report);
      io.out(
        `${options.dryRun ? 'Would free' : 'Freed'} ${bytes(report.freed)}: ${report.artifacts.length} artifacts, ${report.checkpoints.length} checkpoints. ${bytes(report.kept)} kept.\n`,
      );
    });

  const pin = async (artifact: string, options: Options & { off?: boolean }): Promise<void> => {
    const opened = openExisting(io, options.store);
    const key = await findKey(opened, splitArtifact(artifact).key);
    await pinArtifact(opened, key, !options.off);
    if (options.json) return outJson(io, { key, pinned: !options.off });
    io.out(`${key.slice(0, 12)} is ${options.off ? 'no longer pinned' : 'pinned'}.\n`);
  };
  common(
    store
      .command('pin')
      .description('keep an artifact whatever gc frees')
      .argument('<artifact>', 'a key, or its beginning'),
  )
    .option('--off', 'let it go again')
    .action(pin);
  common(
    store
      .command('unpin')
      .description('let an artifact go again: the same as pin --off')
      .argument('<artifact>', 'a key, or its beginning'),
  ).action((artifact: string, options: Options) => pin(artifact, { ...options, off: true }));

  common(
    store
      .command('export')
      .description(
        'write an artifact to a new folder: a model as Hugging Face does (config.json, model.safetensors, tokenizer.json)',
      )
      .argument('<artifact>', "'<key>.<port>', the key may be cut")
      .argument('<folder>'),
  ).action(async (artifact: string, folder: string, options: Options) => {
    const opened = openExisting(io, options.store);
    const target = resolve(io.cwd, folder);
    const model = await isModel(opened, artifact);
    if (model) await exportModel(io, plugins, opened, artifact, target);
    else await exportArtifact(opened, splitArtifact(artifact).key, target);
    if (options.json) return outJson(io, { folder: target, form: model ? 'hugging-face' : 'blobs' });
    io.out(
      `Wrote ${shownPath(io, target)}${model ? '. Try: ingot sample --model ' + shownPath(io, target) + " --prompt 'Call me'" : ''}\n`,
    );
  });
};
