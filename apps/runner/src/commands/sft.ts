// `ingot sft`: a model and a file of examples become a model that answers.
import { IngotError } from '@ingot/core';
import { EXIT } from '../exit-codes.js';
import { stagesOf } from '../session.js';
import { existingPath, stageHelp, tune, type TuneOptions } from '../tune/tune.js';
import { commandLine, type AddCommand } from './app.js';

/** Adds `sft`. */
export const addSft: AddCommand = (program, app) => {
  const { io, plugins } = app;
  program
    .command('sft')
    .description('tune a model on examples, with the loss on the responses; each option of the stage is a flag')
    .option('--model <artifact | folder>', "an artifact as '<key>.<port>', or a model folder")
    .option('--data <file>', 'examples: JSONL, JSON, CSV or Parquet')
    .option('--out <folder>', 'a new folder: config.json, model.safetensors, tokenizer.json; an adapter in adapter/')
    .option('--mix <file>', 'general examples beside those of --data')
    .option('--seed <n>', 'of everything that is drawn', '0')
    .option('--store <dir>', 'the store (default .ingot)')
    .option('--inline', 'run every stage in this process, none in a child process')
    .option('--json', 'one JSON object a line: the plan, every event, what was written, the result')
    .option('-h, --help', 'this, and the options of the stage')
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (options: TuneOptions, command) => {
      const stage = stagesOf(plugins).get('sft');
      if (!stage) throw new IngotError('unknown-name', "No stage 'sft' is installed. Install @ingot/supervised.");
      if (options.help) {
        io.out(`${command.helpInformation()}${stageHelp(stage, plugins)}`);
        return app.end(EXIT.ok);
      }
      const mix = options.mix === undefined ? undefined : existingPath(io.cwd, 'mix', options.mix);
      const words = command.args as readonly string[];
      await tune(app, commandLine(['sft'], options, words), options, words, (data) => ({
        stage,
        wantsChat: false,
        from: { examples: 'examples.examples', ...(mix !== undefined && { mix: 'mix.examples' }) },
        sources: {
          examples: { use: 'examples', how: { path: data } },
          ...(mix !== undefined && { mix: { use: 'examples', how: { path: mix } } }),
        },
      }));
    });
};
