// Roles fix the ports of stages that swap by one word.
import { defineRole, optional, sameAs } from '@ingot/core';
import { AlignedModel, ChatModel, Design, Examples, Model, Pairs, RewardModel, Tokenizer, Tokens } from './kinds.js';

/** An architecture: a tokenizer becomes a design, config without weights. */
export const Architecture = defineRole({ tokenizer: Tokenizer }, { design: Design });

/** An alignment algorithm: a chat model and feedback become an aligned model. A player may ask for less than pairs. */
export const Align = defineRole(
  { model: ChatModel, feedback: Pairs, reward: optional(RewardModel), mix: optional(Examples) },
  { model: AlignedModel },
);

/** A quantiser: the model keeps its kind, so a quantised chat model is still a chat model. */
export const Quantise = defineRole({ model: Model, calibration: optional(Tokens) }, { model: sameAs('model') });
