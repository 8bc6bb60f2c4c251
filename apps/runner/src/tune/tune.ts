// `ingot align` and `ingot sft`: a pipeline composed from the command line, run like a recipe, its model written as a folder.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createIngot, definePlugin, IngotError, processExecutor, type AnyStage, type Plugin } from '@ingot/core';
import type { App } from '../commands/app.js';
import { outJson } from '../commands/app.js';
import { showOutcome } from '../commands/run.js';
import { describeStage } from '../describe.js';
import { EXIT, UsageError } from '../exit-codes.js';
import { exportModel } from '../sample/export.js';
import { runRecipe, shownPath } from '../run-recipe.js';
import { openStore, stagesOf, storePath, type OpenRecipe } from '../session.js';
import { asFlag, flagHelp, howOf, readFlags } from './flags.js';
import { givenModel } from './given-model.js';

/** What both commands take. */
export interface TuneOptions {
  readonly model?: string;
  readonly data?: string;
  readonly out?: string;
  readonly mix?: string;
  readonly reward?: string;
  readonly store?: string;
  readonly seed?: string;
  readonly json?: boolean;
  readonly inline?: boolean;
  readonly help?: boolean;
}
/** One stage of a composed recipe. */
export interface ComposedStage {
  readonly use: string;
  readonly from?: Readonly<Record<string, string>>;
  readonly how?: Readonly<Record<string, unknown>>;
}
/** What a command composes: everything but the stage itself, and what the stage reads. */
export interface Composition {
  readonly stage: AnyStage;
  /** Port -> reference, beside `model`. */
  readonly from: Readonly<Record<string, string>>;
  readonly sources: Readonly<Record<string, ComposedStage>>;
  /** Whether the stage wants a chat model. */
  readonly wantsChat: boolean;
}

const needed = (name: string, value: string | undefined, what: string): string => {
  if (value === undefined) throw new UsageError(`--${name} is missing: wanted ${what}.`);
  return value;
};
/** An absolute path that is there. Throws UsageError. */
export const existingPath = (cwd: string, flag: string, path: string): string => {
  const absolute = resolve(cwd, path);
  if (!existsSync(absolute)) throw new UsageError(`--${flag} ${path}: there is no such file or folder.`);
  return absolute;
};

/** The stage's options, for `--help`. */
export const stageHelp = (stage: AnyStage, plugins: readonly Plugin[]): string => {
  const plugin = plugins.find(({ stages }) => stages?.includes(stage))?.name ?? '';
  return `\nOptions of '${stage.name}':\n${flagHelp(describeStage(stage, plugin))}\n`;
};

/** Composes, runs, writes. Throws UsageError and core's errors before any work. */
export const tune = async (
  app: App,
  command: string,
  options: TuneOptions,
  words: readonly string[],
  compose: (data: string) => Composition,
): Promise<void> => {
  const { io, plugins } = app;
  const json = Boolean(options.json);
  const model = needed('model', options.model, 'an artifact or a model folder');
  const data = existingPath(
    io.cwd,
    'data',
    needed('data', options.data, 'a file of rows: JSONL, JSON, CSV or Parquet'),
  );
  const out = resolve(io.cwd, needed('out', options.out, 'a new folder for the model'));
  if (existsSync(out)) throw new IngotError('bad-input', `--out '${options.out}' exists already. Give a new folder.`);
  const { stage, from, sources, wantsChat } = compose(data);
  const given = await givenModel(io, model, options.store, options.reward);
  const how = howOf(stage.name, readFlags(words), stagesOf(plugins));
  const assumed = wantsChat && !given.chats;
  const recipe = {
    name: stage.name,
    seed: Number(options.seed ?? 0),
    stages: {
      model: { use: 'given-model' },
      ...(assumed && {
        chat: { use: 'assume-chat', from: { model: 'model.model' }, how: { because: 'given to ingot align' } },
      }),
      ...sources,
      [stage.name]: {
        use: stage.name,
        from: {
          model: assumed ? 'chat.model' : 'model.model',
          ...(options.reward !== undefined && { reward: 'model.reward' }),
          ...from,
        },
        how,
      },
    },
    outputs: { model: `${stage.name}.model` },
  };
  const all = [...plugins, definePlugin({ name: 'ingot/given', stages: [given.stage] })];
  const ingot = createIngot({ plugins: all });
  try {
    const open: OpenRecipe = {
      ingot,
      pipeline: ingot.fromRecipe(recipe),
      recipe,
      stages: stagesOf(all),
      located: (error) => asFlag(error, stage.name),
    };
    const outcome = await runRecipe(io, {
      open,
      store: openStore(io, options.store),
      storePath: storePath(io, options.store),
      json,
      command,
      ...(options.inline ? {} : { executor: processExecutor() }),
    });
    if (outcome.code === EXIT.ok) {
      const key = outcome.record.stages.find(({ id }) => id === stage.name)?.key ?? '';
      const { adapter } = await exportModel(io, plugins, openStore(io, options.store), `${key}.model`, out);
      if (json) outJson(io, { type: 'written', model: out, ...(adapter && { adapter }) });
      else io.err(`model: ${shownPath(io, out)}${adapter ? `, its adapter: ${shownPath(io, adapter)}` : ''}\n`);
    }
    showOutcome(io, outcome, command, json, storePath(io, options.store));
    app.end(outcome.code);
  } catch (error) {
    throw asFlag(error, stage.name);
  } finally {
    await ingot.dispose();
  }
};
