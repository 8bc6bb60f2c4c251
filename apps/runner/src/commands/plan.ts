// `ingot plan <recipe>`: every stage, its key, whether the store has it and why not, predicted bytes and time; no work.
import pc from 'picocolors';
import { planRecords } from '../plan-records.js';
import type { StageRecord } from '../runs/record.js';
import { openRecipe, openStore, storePath } from '../session.js';
import { bytes, duration, flops } from '../terminal/format.js';
import { renderTable } from '../terminal/table.js';
import { collect, outJson, type AddCommand } from './app.js';

const predicted = ({ predicted: p, predictedAfter }: StageRecord): string =>
  [
    predictedAfter === undefined ? '' : `known after ${predictedAfter.map((id) => `'${id}'`).join(' and ')}`,
    p?.bytes === undefined ? '' : bytes(p.bytes),
    p?.flops === undefined ? '' : flops(p.flops),
    p?.seconds === undefined ? '' : duration(p.seconds * 1000),
  ]
    .filter(Boolean)
    .join(', ');

/** Adds `plan`. */
export const addPlan: AddCommand = (program, { io, plugins }) => {
  program
    .command('plan')
    .argument('<recipe>', 'a recipe file, YAML or JSON')
    .description('say what a run would do: every stage, hit or miss and why, predicted bytes and time')
    .option('--store <dir>', 'the store (default .ingot)')
    .option('--set <stage.option=value>', 'change an option, may be given many times', collect, [] as readonly string[])
    .option('--json', 'one JSON object')
    .action(async (recipe: string, options: { store?: string; set: readonly string[]; json?: boolean }) => {
      const open = await openRecipe(io, plugins, recipe, options.set);
      try {
        const rows = planRecords(
          open,
          await open.pipeline.plan({ store: openStore(io, options.store) }),
          storePath(io, options.store),
        );
        if (options.json)
          return outJson(io, { name: open.pipeline.name, seed: open.recipe['seed'] ?? 0, stages: rows });
        const c = pc.createColors(io.colours);
        io.out(
          `${renderTable(
            rows.map((row) => ({
              stage: row.id,
              does: row.stage,
              key: row.key.slice(0, 12),
              state: row.hit ? c.green('kept') : c.yellow('to run'),
              why: row.why,
              predicted: predicted(row),
            })),
            io.colours,
          )}\n`,
        );
        const misses = rows.filter((row) => !row.hit).length;
        io.out(
          misses === 0
            ? '\nEverything is kept: a run only reads it back.\n'
            : `\n${misses} of ${rows.length} stages to run.\n`,
        );
      } catch (error) {
        throw open.located(error);
      } finally {
        await open.ingot.dispose();
      }
    });
};
