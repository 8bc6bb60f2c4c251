// Reward `reward-model`: what a trained reward model gives, from the port `reward` of the stage around it.
import { Device, Reward } from '@ingot/contracts';
import { Installed, IngotError } from '@ingot/core';
import { chatEncoder, encodeCompletion } from '@ingot/text';
import { openRewardModel } from '@ingot/training';
import * as z from 'zod';

/** Reward `reward-model`: the scalar head at the answer's last token. Without a reward model at the stage's port `reward` it throws `bad-wiring`. */
export const rewardModelPart = Reward.part({
  name: 'reward-model',
  version: 1,
  options: z.strictObject({}),
  needs: { device: Device, installed: Installed },
  make: (_, { device, installed }) => ({
    async open({ model }) {
      if (!model)
        throw new IngotError(
          'bad-wiring',
          "Reward 'reward-model' wants a trained reward model at the port 'reward' of its stage, got none. Connect the output 'reward' of the stage 'reward-model', or take another reward.",
        );
      const { tokenizer, chat, context } = model.design;
      const encoder = chatEncoder({ tokenizer, ...(chat ? { chat } : {}) });
      return openRewardModel({
        device,
        installed,
        model,
        encode: ({ prompt, text }) => encodeCompletion(encoder, prompt, text, { maxTokens: context }).ids,
      });
    },
  }),
});
