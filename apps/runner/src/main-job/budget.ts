// How the main job divides its time over a model's life: what comes after pretraining follows from measured speeds, and pretraining gets the rest.
import { stepsIn, type Size } from './sizes.js';

/** What was measured of a size on this machine. */
export interface Speeds {
  readonly millisecondsPerStep: number;
  /** Milliseconds of one sampled token, sixteen sequences at once. */
  readonly millisecondsPerSampled: number;
}
/** How long requests and answers are; a context holds both and the twelve tokens of the chat format around them. */
export interface Lengths {
  readonly openingWords: number;
  readonly responseWords: number;
  /** The most tokens of a sampled answer. */
  readonly answerTokens: number;
  /** Tokens of an example or of an answered request, about. */
  readonly rowTokens: number;
}
/** The sizes of all stages. */
export interface Life extends Lengths {
  /** Steps of pretraining. */
  readonly steps: number;
  /** Passages whose openings become examples, and prompts of the feedback. */
  readonly passages: number;
  /** Seconds that are meant for pretraining, and for all that follows. */
  readonly pretraining: number;
  readonly after: number;
}

/** Passages of Moby-Dick's training part that are long enough. */
const ALL_PASSAGES = 2200;
/** With fewer there are too few pairs to learn from. */
const FEWEST_PASSAGES = 400;
/** The share of the time that may go to what follows pretraining; pretraining always has the other part. */
const MOST_AFTER = 0.45;
/** As the recipe says: of ten openings six are examples and four prompts, of which about 70% become a pair. */
const EXAMPLES = 0.6;
const PROMPTS = 0.4;
const PAIRS = PROMPTS * 0.7;
const SAMPLES = 4;
const ALIGN_EPOCHS = 3;
/** Training tokens that all forward passes of evaluation cost: four models, 30,000 tokens, windows that overlap by half, a third of a training step. */
const EVALUATION_TOKENS = (4 * 30_000 * 2) / 3;
/** Answers side by side: four models. */
const ANSWERS = 4 * 144;
/** What evaluations while tuning add, as a factor. */
const WATCHED = 1.4;
/** A sampled answer ends before the most tokens. */
const SHARE_OF_TOKENS = 0.8;

/** Lengths that fit a context. */
export const lengthsFor = (context: number): Lengths =>
  context >= 128
    ? { openingWords: 12, responseWords: 24, answerTokens: 48, rowTokens: 90 }
    : { openingWords: 6, responseWords: 12, answerTokens: 28, rowTokens: 54 };

/** Steps that the alignment of so many passages has, about. */
export const alignSteps = (passages: number, batch: number): number =>
  Math.max(1, Math.round((passages * PAIRS * ALIGN_EPOCHS) / batch));

/** Sizes of all stages of a model's life that is to take `seconds`; at least one step and FEWEST_PASSAGES, however slow the machine. */
export const lifeIn = (seconds: number, size: Size, { millisecondsPerStep, millisecondsPerSampled }: Speeds): Life => {
  const lengths = lengthsFor(size.context);
  const trained = millisecondsPerStep / (size.batch * size.context) / 1000; // seconds of a token
  const sampled = (millisecondsPerSampled * lengths.answerTokens * SHARE_OF_TOKENS) / 1000; // seconds of an answer
  const fixed = EVALUATION_TOKENS * trained + ANSWERS * sampled;
  const ofOne =
    EXAMPLES * lengths.rowTokens * trained * WATCHED +
    PROMPTS * SAMPLES * sampled +
    PAIRS * 2 * lengths.rowTokens * trained * ALIGN_EPOCHS * WATCHED;
  const fitting = Math.floor((seconds * MOST_AFTER - fixed) / ofOne);
  const passages = Math.max(FEWEST_PASSAGES, Math.min(ALL_PASSAGES, fitting));
  const after = fixed + passages * ofOne;
  const pretraining = Math.max(seconds * (1 - MOST_AFTER), seconds - after);
  return { ...lengths, passages, pretraining, after, steps: stepsIn(pretraining, millisecondsPerStep) };
};
