// Somebody who answers conversations: a model of ours, or a script in tests.
import type { Device, Message, ModelValue, SamplerFunction } from '@ingot/contracts';
import { IngotError, type Installed } from '@ingot/core';
import { generate, loadModel } from '@ingot/decoding';
import { chatEncoder, encodePrompt, type ChatEncoder } from '@ingot/text';

/** A conversation to be answered. `number` names it in the draw: the same number and conversation give the same answer in any batch. */
export interface Asked {
  readonly number: number;
  readonly messages: readonly Message[];
}
export interface Said {
  /** Without spaces around it; empty when nothing was said. */
  readonly text: string;
  /** Tokens of the conversation and of the answer. */
  readonly read: number;
  readonly written: number;
}
export interface Speaker {
  /** One answer for each, in order; undefined for a conversation that leaves no room for one. */
  say(asked: readonly Asked[]): Promise<readonly (Said | undefined)[]>;
  dispose(): void;
}

export interface SpeakHow {
  readonly tokens: number;
  readonly samplers: readonly SamplerFunction[];
  readonly seed: number;
  readonly batch: number;
  readonly signal: AbortSignal;
}

/** The most conversations that a stage may number: a sequence's number has 32 bits. */
const NUMBERS = 2 ** 32;

/** Loads a chat model that speaks a chat format. Throws 'bad-input' for one without a format. */
export const modelSpeaker = async (
  model: ModelValue,
  services: { readonly device: Device; readonly installed: Installed },
  { tokens, samplers, seed, batch, signal }: SpeakHow,
): Promise<Speaker> => {
  const { tokenizer, chat, context } = model.design;
  if (!chat)
    throw new IngotError(
      'bad-input',
      'A critique is a turn of a conversation, and this model has no chat format: it continues prompts. Tune it on conversations (sft), or give it a format it knows (assume-chat with a template).',
    );
  const encoder: ChatEncoder = chatEncoder({ tokenizer, chat });
  const loaded = await loadModel({ ...services, model });
  return {
    dispose: () => loaded.dispose(),
    async say(asked) {
      const encoded = asked.map(({ number, messages }) => ({
        number: number % NUMBERS,
        ids: [...encodePrompt(encoder, messages)],
      }));
      const fitting = encoded.filter(({ ids }) => ids.length < context);
      const said = new Map<object, Said>();
      if (fitting.length > 0)
        for await (const event of generate(loaded, {
          prompts: fitting.map(({ ids }) => ids),
          sequences: fitting.map(({ number }) => number),
          tokens,
          samplers,
          seed,
          batch,
          signal,
          logProbabilities: false,
          bytes: (id) => encoder.tokenizer.bytes(id),
          endOfText: encoder.endOfTurn,
        })) {
          if (event.type !== 'end') continue;
          const one = fitting[event.prompt]!;
          said.set(one, { text: event.text.trim(), read: one.ids.length, written: event.ids.length });
        }
      return encoded.map((one) => said.get(one));
    },
  };
};
