// The model shapes that are measured: V, d, L, h, T, B.

/** nanoGPT's CPU run; the course page's MiniGPT; a middle one; GPT-2 small. */
export const SHAPES = {
  nano: [65, 128, 4, 4, 64, 12],
  seed: [50257, 256, 4, 8, 128, 4],
  mid: [65, 384, 6, 6, 256, 4],
  gpt2: [50257, 768, 12, 12, 64, 4],
};
