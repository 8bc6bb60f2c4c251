// `ingot sample --chat`: a conversation through the gate and the rails, in the terminal or one question at a time.
import { createIngot, definePlugin, IngotError, memoryStore } from '@ingot/core';
import { chatStage, type ChatFrame } from '../sample/chat-stage.js';
import type { SidedVerdict, Turn } from '../sample/chat.js';
import { readPolicy, readRails } from '../sample/rails-file.js';
import { knownSource } from '../sample/source.js';
import { openStore } from '../session.js';
import { EXIT, UsageError } from '../exit-codes.js';
import { outJson, type App } from './app.js';

export interface ChatOptions {
  readonly model: string;
  readonly tokens: number;
  readonly temperature: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly seed: number;
  readonly store?: string;
  readonly json?: boolean;
  readonly policy?: string;
  readonly rails?: string;
  readonly system?: string;
  readonly allowBase?: string;
}

const told = ({ rail, side, decision, category }: SidedVerdict): string => `${side}: ${rail} ${decision} ${category}`;
const verdictJson = ({ span, ...rest }: SidedVerdict) => ({ ...rest, span: [...span] });
const turnJson = (
  { text, prompt, tokens, seconds, ended, verdicts, decision }: Turn,
  frame: ChatFrame,
  seed: number,
) => ({
  text,
  prompt,
  tokens,
  tokensPerSecond: seconds > 0 ? Number((tokens / seconds).toFixed(2)) : 0,
  ended,
  decision,
  verdicts: verdicts.map(verdictJson),
  seed,
  ...frame,
});

/** Talks until the questions end; `prompt`: the one question. A question that a rail stops ends the command with code 3 when it is the only one. */
export const runChat = async (
  { io, plugins, end }: App,
  options: ChatOptions,
  prompt: string | undefined,
): Promise<void> => {
  const { json = false, tokens, temperature, topP, topK, seed } = options;
  if (options.allowBase !== undefined && options.allowBase.trim() === '')
    throw new UsageError("--allow-base wants a reason: it is recorded. For example --allow-base 'a demonstration'.");
  const hint = (text: string): void => (io.tty && !json ? io.err(text) : undefined);
  const line = { begun: false };
  const stage = chatStage({
    source: knownSource(io, options.model, options.store),
    allowance: options.allowBase === undefined ? undefined : { because: options.allowBase },
    policy: readPolicy(io.cwd, options.policy ?? 'general'),
    rails: (services) =>
      readRails(options.rails, { ...services, cwd: io.cwd, store: () => openStore(io, options.store) }),
    system: options.system,
    async *questions(signal) {
      if (prompt !== undefined) return yield prompt;
      hint('> ');
      yield* io.lines(signal);
    },
    opened: ({ gate, chatFormat }) => {
      io.err(`${gate.note}\n`);
      if (chatFormat === undefined)
        io.err('The model has no chat format: the question is read as it is, without a system prompt.\n');
    },
    show: (piece) => {
      line.begun = true;
      if (!json) io.out(piece);
    },
    answered: (turn, frame) => {
      line.begun = false;
      if (json) outJson(io, turnJson(turn, frame, seed));
      else io.out('\n');
      for (const verdict of turn.verdicts) io.err(`rail, ${told(verdict)}\n`);
      if (prompt !== undefined && turn.ended === 'rail') end(EXIT.refused);
      if (prompt === undefined) hint('> ');
    },
  });
  const ingot = createIngot({ plugins: [...plugins, definePlugin({ name: 'ingot/chat', stages: [stage] })] });
  const how = {
    tokens,
    temperature,
    seed,
    ...(topP === undefined ? {} : { topP }),
    ...(topK === undefined ? {} : { topK }),
  };
  const recipe = { name: 'chat', stages: { chat: { use: stage.name, how } }, outputs: { ended: 'chat.ended' } };
  const stopping = new AbortController();
  const heed = io.onInterrupt(() => stopping.abort('Ctrl-C'));
  try {
    await ingot.fromRecipe(recipe).run({ store: memoryStore(), signal: stopping.signal }).result();
  } catch (error) {
    if (line.begun && !json) io.out('\n');
    throw IngotError.is(error) && IngotError.is(error.cause) ? error.cause : error;
  } finally {
    heed();
    await ingot.dispose();
  }
};
