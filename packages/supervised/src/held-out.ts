// Which rows are kept for evaluation: by prompt, so that no prompt is on both sides.
import { namedKey } from '@ingot/training';

/**
 * Whether each row is held out: the floor(share · prompts) prompts whose hash under the seed is lowest, with all of their rows.
 * `prompts` has one text a row; rows of one text stay together.
 */
export function heldOutRows(prompts: readonly string[], share: number, seed: number): boolean[] {
  const unique = [...new Set(prompts)];
  const ranked = unique
    .map((prompt) => ({ prompt, place: namedKey(seed, `held out/${prompt}`) }))
    .sort((a, b) => a.place[0] - b.place[0] || a.place[1] - b.place[1]);
  const held = new Set(ranked.slice(0, Math.floor(share * unique.length)).map(({ prompt }) => prompt));
  return prompts.map((prompt) => held.has(prompt));
}
