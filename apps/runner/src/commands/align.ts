// `ingot align <method>`: a model and a file of preferences become an aligned model; any installed stage that plays the role Align is a method.
import { Align, Labels, Pairs, Prompts } from '@ingot/contracts';
import { IngotError, suggest, type AnyStage, type Plugin } from '@ingot/core';
import { EXIT } from '../exit-codes.js';
import { stagesOf } from '../session.js';
import { existingPath, stageHelp, tune, type Composition, type TuneOptions } from '../tune/tune.js';
import { commandLine, type AddCommand } from './app.js';

/** Every stage that plays the role: a chat model and feedback in, an aligned model out. */
export const methodsIn = (stages: ReadonlyMap<string, AnyStage>): Map<string, AnyStage> =>
  new Map(
    [...stages].filter(
      ([, stage]) =>
        (stage.outputs['model'] as { name?: string } | undefined)?.name === Align.outputs.model.name &&
        'feedback' in stage.inputs &&
        'model' in stage.inputs,
    ),
  );
/** Those that are installed. */
export const methodsOf = (plugins: readonly Plugin[]): Map<string, AnyStage> => methodsIn(stagesOf(plugins));

/** The method of this name. Throws 'unknown-name' with near misses. */
export const methodNamed = (name: string, methods: ReadonlyMap<string, AnyStage>): AnyStage => {
  const method = methods.get(name);
  if (!method)
    throw new IngotError(
      'unknown-name',
      `No alignment method is called '${name}'.${suggest(name, [...methods.keys()])}`,
    );
  return method;
};
const methodOf = (name: string, plugins: readonly Plugin[]): AnyStage => methodNamed(name, methodsOf(plugins));

/** Which source gives the least that a method asks for. */
const SOURCE: Readonly<Record<string, { readonly use: string; readonly port: string }>> = {
  [Pairs.name]: { use: 'preferences', port: 'feedback' },
  [Labels.name]: { use: 'labels', port: 'feedback' },
  [Prompts.name]: { use: 'prompts', port: 'prompts' },
};

const compose = (stage: AnyStage, data: string, mix: string | undefined): Composition => {
  const asked = (stage.inputs['feedback'] as { readonly name: string }).name;
  const { use, port } = SOURCE[asked] ?? SOURCE[Pairs.name]!;
  return {
    stage,
    wantsChat: true,
    from: { feedback: `feedback.${port}`, ...(mix !== undefined && { mix: 'mix.examples' }) },
    sources: {
      feedback: { use, how: { path: data } },
      ...(mix !== undefined && { mix: { use: 'examples', how: { path: mix } } }),
    },
  };
};

/** Adds `align`. */
export const addAlign: AddCommand = (program, app) => {
  const { io, plugins } = app;
  program
    .command('align')
    .argument('[method]', `one of: ${[...methodsOf(plugins).keys()].join(', ')}`)
    .description('align a model by preferences: dpo, kto, simpo, …; each option of the method is a flag')
    .option('--model <artifact | folder>', "an artifact as '<key>.<port>', or a model folder")
    .option('--data <file>', 'preferences, labels or prompts: JSONL, JSON, CSV or Parquet')
    .option('--out <folder>', 'a new folder: config.json, model.safetensors, tokenizer.json; an adapter in adapter/')
    .option('--mix <file>', 'examples for a supervised term beside the preferences')
    .option('--reward <artifact>', "a reward model of the store, as '<key>.reward', for methods that answer prompts")
    .option('--seed <n>', 'of everything that is drawn', '0')
    .option('--store <dir>', 'the store (default .ingot)')
    .option('--inline', 'run every stage in this process, none in a child process')
    .option('--json', 'one JSON object a line: the plan, every event, what was written, the result')
    .option('-h, --help', 'this, and the options of the method')
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (name: string | undefined, options: TuneOptions, command) => {
      if (options.help || name === undefined) {
        io.out(command.helpInformation());
        if (name !== undefined) io.out(stageHelp(methodOf(name, plugins), plugins));
        app.end(options.help ? EXIT.ok : EXIT.usage);
        return;
      }
      const stage = methodOf(name, plugins);
      const mix = options.mix === undefined ? undefined : existingPath(io.cwd, 'mix', options.mix);
      const words = command.args.slice(1) as readonly string[];
      await tune(app, commandLine(['align', name], options, words), options, words, (data) =>
        compose(stage, data, mix),
      );
    });
};
