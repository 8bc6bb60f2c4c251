// `ingot sample`: continues a prompt with a model of the store or of a folder, or talks with it (--chat).
import { type Command, InvalidArgumentError } from 'commander';
import { createIngot, definePlugin, IngotError, memoryStore } from '@ingot/core';
import { modelSource } from '../sample/source.js';
import { sampleStage, type SampleResult } from '../sample/stage.js';
import { UsageError } from '../exit-codes.js';
import { outJson, type AddCommand } from './app.js';
import { runChat, type ChatOptions } from './sample-chat.js';

interface Options extends ChatOptions {
  readonly prompt: string;
  readonly chat?: boolean;
}
/** Flags that only a chat heeds. */
const CHAT_ALONE = ['policy', 'rails', 'system', 'allowBase'] as const;

const number = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Wanted a number.');
  return value;
};

/** Adds `sample`. */
export const addSample: AddCommand = (program, app) => {
  const { io, plugins } = app;
  program
    .command('sample')
    .description('continue a prompt with a trained model; the text streams, or comes as one JSON object')
    .requiredOption(
      '--model <artifact | folder>',
      "an artifact as '<key>.<port>' (the key may be cut), or a folder with config.json, model.safetensors, tokenizer.json",
    )
    .option('--prompt <text>', 'what to continue', '')
    .option('--tokens <n>', 'how many tokens at most', number, 64)
    .option('--temperature <t>', '0 takes the likeliest token', number, 0.7)
    .option('--top-p <p>', 'keep the likeliest tokens that together have this probability', number)
    .option('--top-k <k>', 'keep so many likeliest tokens', number)
    .option('--seed <s>', 'the same seed gives the same text', number, 0)
    .option('--store <dir>', 'the store (default .ingot)')
    .option('--json', 'one JSON object with text, tokens, tokensPerSecond')
    .option('--chat', 'talk: through the gate and the rails; with --prompt one question, else line by line')
    .option('--policy <name | file>', "of a chat: 'general', 'health', 'finance', or a JSON file (default general)")
    .option('--rails <file>', 'of a chat: a JSON list of rails in place of pii, secrets, toxicity, injection')
    .option('--system <text>', "of a chat: in place of the policy's system prompt; '' for none")
    .option('--allow-base <reason>', 'of a chat: take a model that is not aligned; the reason is recorded')
    .action(async (options: Options, command: Command) => {
      if (options.chat)
        return runChat(app, options, command.getOptionValueSource('prompt') === 'cli' ? options.prompt : undefined);
      const stray = CHAT_ALONE.find((name) => options[name] !== undefined);
      if (stray)
        throw new UsageError(`--${stray === 'allowBase' ? 'allow-base' : stray} belongs to a chat: add --chat.`);
      const { prompt, tokens, temperature, topP, topK, seed } = options;
      const stage = sampleStage(modelSource(io, options.model, options.store));
      const ingot = createIngot({ plugins: [...plugins, definePlugin({ name: 'ingot/sample', stages: [stage] })] });
      const recipe = {
        name: 'sample',
        stages: {
          sample: {
            use: stage.name,
            how: {
              prompt,
              tokens,
              temperature,
              seed,
              ...(topP === undefined ? {} : { topP }),
              ...(topK === undefined ? {} : { topK }),
            },
          },
        },
        outputs: { said: 'sample.said' },
      };
      const stopping = new AbortController();
      const heed = io.onInterrupt(() => stopping.abort('Ctrl-C'));
      try {
        const run = ingot.fromRecipe(recipe).run({ store: memoryStore(), signal: stopping.signal });
        if (!options.json) io.out(prompt);
        const watched = run.events.forEach((event) => {
          if (event.type === 'text' && !options.json) io.out(event.text);
        });
        const said = ((await run.result()) as { said: SampleResult }).said;
        await watched;
        if (options.json) return outJson(io, said);
        io.out('\n');
        io.err(`${said.tokens} tokens, ${said.tokensPerSecond} tokens/s on ${said.device}, seed ${said.seed}\n`);
      } catch (error) {
        if (!options.json) io.out('\n');
        const cause = IngotError.is(error) && IngotError.is(error.cause) ? error.cause : error;
        throw cause;
      } finally {
        heed();
        await ingot.dispose();
      }
    });
};
