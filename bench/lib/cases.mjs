// The model shapes that are measured: V, d, L, h, T, B.

/** nanoGPT's CPU run; the course page's MiniGPT; a middle one; GPT-2 small. */
export const SHAPES = {
  nano: [65, 128, 4, 4, 64, 12],
  seed: [50257, 256, 4, 8, 128, 4],
  mid: [65, 384, 6, 6, 256, 4],
  gpt2: [50257, 768, 12, 12, 64, 4],
};

/** Models that are tuned: a small vocabulary learnt from the book, and GPT-2's head of 50,257. */
export const TUNING = {
  mid: { layers: 6, heads: 6, width: 384, vocabulary: 4096 },
  wide: { layers: 4, heads: 8, width: 256, vocabulary: 'r50k' },
};
/** The most tokens of a prompt with its completion. */
export const TUNING_CONTEXT = 256;
/** The pipeline's seed: with it every peer sees the same rows in the same order. */
export const TUNING_SEED = 1;
/** Pairs of a step; steps before the timed ones. */
export const TUNING_BATCH = 8;
export const TUNING_WARMUP = 5;

/** Online methods: answers of a step, of how many tokens each (none ends before), and to how many prompts. */
export const RL = {
  answers: 32,
  tokens: 48,
  /** Rounds before the timed ones, and those. */
  warmup: 1,
  timed: 3,
  methods: {
    grpo: { prompts: 4, generations: 8, updates: 1 },
    ppo: { prompts: 32, generations: 1, updates: 4 },
  },
};
