// The one way around lineage: somebody says that a model chats, or is aligned; the reason is kept with the artifact.
import { defineStage, warning } from '@ingot/core';
import { AlignedModel, ChatModel, Model } from '@ingot/contracts';
import { chatEncoder } from '@ingot/text';
import * as z from 'zod';
import { chooseFormat } from './choose-format.js';
import { templateOption } from './options.js';

const because = z.string().trim().min(1).describe('why this is known; it is recorded');

/**
 * model -> chat model, as it is. With a template the model carries it from then on, where its tokenizer can spell it.
 * Errors: `bad-wiring` for another template than the model's, `bad-input` for control tokens that the tokenizer lacks.
 */
export const assumeChat = defineStage({
  name: 'assume-chat',
  version: 1,
  inputs: { model: Model },
  outputs: { model: ChatModel },
  options: z.strictObject({ because, template: templateOption }),
  async *run({ inputs: { model }, options }) {
    const chat = chooseFormat(model.design, options.template);
    if (chat) chatEncoder({ tokenizer: model.design.tokenizer, chat });
    yield warning(
      `Assumed to be a chat model${chat ? ` that speaks '${chat.name}'` : ', of prompts and completions'}: ${options.because}`,
    );
    return { model: chat ? { ...model, design: { ...model.design, chat } } : model };
  },
});

/** chat model -> aligned model, as it is. */
export const assumeAligned = defineStage({
  name: 'assume-aligned',
  version: 1,
  inputs: { model: ChatModel },
  outputs: { model: AlignedModel },
  options: z.strictObject({ because }),
  async *run({ inputs: { model }, options }) {
    yield warning(`Assumed to be aligned: ${options.because}`);
    return { model };
  },
});
