// Reward `format`: the completion thinks between its tags, then answers. Guo et al. 2025 (DeepSeek-R1); TRL's think_format_reward.
import { Reward } from '@ingot/contracts';
import * as z from 'zod';

const thinking = /^<think>(?![\s\S]*<think>)[\s\S]*?<\/think>/u;

/** 1 when the text begins with one `<think>` that is closed, and holds no other; else 0. */
export const thinkFormat = (text: string): number => Number(thinking.test(text));

/** Reward `format`: 1 for `<think>…</think>` and an answer, 0 else. */
export const formatPart = Reward.part({
  name: 'format',
  version: 1,
  options: z.strictObject({}),
  make:
    () =>
    ({ text }) =>
      thinkFormat(text),
});
