// Measures a few training steps of each size on this machine's device, smallest first, and sampling at the chosen one; keeps the answer for the next start.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { createIngot, memoryStore, type Plugin, type Store } from '@ingot/core';
import { listDevices } from '../devices.js';
import { writeWhole } from '../runs/folder.js';
import { machine, versions } from '../versions.js';
import { bookFolder } from './book.js';
import { lengthsFor, lifeIn, type Life, type Speeds } from './budget.js';
import { best, lossOf, SIZES, stepsIn, type Choice, type Size } from './sizes.js';

/** The share of the time that a size is chosen for: what pretraining has at least. */
const SHARE = 0.55;
/** Sequences of which the sampling is measured, and how many are sampled together. */
const SAMPLED = 96;
const TOGETHER = 16;

/** A size with its speeds here, and the sizes of all stages that follow from them. */
export interface Chosen {
  readonly size: Size;
  readonly speeds: Speeds;
  readonly life: Life;
}

const shownTime = (milliseconds: number): string =>
  `${milliseconds.toFixed(milliseconds < 1 ? 2 : milliseconds < 10 ? 1 : 0)} ms`;
const shownSeconds = (seconds: number): string => `${Number(seconds.toPrecision(3))} s`;

/** At most so many steps of a size are measured; it ends earlier, after the fewest steps, once so many milliseconds went by. */
const MOST_STEPS = 40;
const FEWEST_STEPS = 6;
const LONG_ENOUGH = 1500;

/** Everything that the answer depends on, so that another machine, device or version measures anew. */
export const machineKey = async (
  plugins: readonly Plugin[],
  env: Readonly<Record<string, string | undefined>>,
  seconds: number,
): Promise<string> => {
  const device = (await listDevices(plugins, env)).find((row) => row.chosen)?.name;
  const { processor, cores } = machine();
  return createHash('sha256')
    .update(
      JSON.stringify({
        processor,
        cores,
        device,
        threads: env['INGOT_THREADS'],
        versions: versions(),
        sizes: SIZES,
        seconds,
        measured: ['training', 'sampling'],
      }),
    )
    .digest('hex')
    .slice(0, 16);
};

const measuring = ({ layers, heads, width, context, batch, lr }: Size, steps: number): object => ({
  name: 'calibration',
  stages: {
    book: { use: 'text', how: { path: bookFolder(), files: ['chapter_1?.txt', 'chapter_2?.txt'] } },
    tokenizer: { use: 'bpe', from: { text: 'book.text' }, how: { vocabSize: 1024 } },
    tokens: { use: 'pack', from: { text: 'book.text', tokenizer: 'tokenizer.tokenizer' } },
    design: { use: 'gpt', from: { tokenizer: 'tokenizer.tokenizer' }, how: { layers, heads, width, context } },
    model: {
      use: 'pretrain',
      from: { design: 'design.design', tokens: 'tokens.tokens' },
      how: { steps, batch, optimiser: { use: 'adamw', lr } },
    },
    samples: {
      use: 'generate',
      from: { model: 'model.model' },
      how: {
        prompts: ['Call me'],
        count: SAMPLED,
        tokens: lengthsFor(context).answerTokens,
        sampler: [],
        atContextEnd: 'stop',
      },
    },
  },
  outputs: { samples: 'samples.samples' },
});

/** The lower quartile of the steps after the first two, which warm up: what else the machine does at the moment only makes steps longer. */
const typical = (spans: readonly number[]): number => {
  const settled = spans.slice(Math.min(2, spans.length - 1)).toSorted((a, b) => a - b);
  return settled[Math.floor(settled.length / 4)] ?? Infinity;
};

/** Milliseconds of one training step of a size; after three steps it is given up when it is not promising. Throws what the stages throw. */
const measure = async (
  size: Size,
  plugins: readonly Plugin[],
  store: Store,
  signal: AbortSignal,
  promising: (millisecondsPerStep: number) => boolean,
): Promise<number> => {
  const ingot = createIngot({ plugins });
  const slow = new AbortController();
  const run = ingot
    .fromRecipe(measuring(size, MOST_STEPS))
    .run({ store, signal: AbortSignal.any([signal, slow.signal]) });
  const spans: number[] = [];
  let before: number | undefined;
  let began = 0;
  try {
    const watched = run.events.forEach((event) => {
      if (event.type === 'stage-start' && event.stage === 'model') began = before = performance.now();
      if (event.type !== 'metric' || event.stage !== 'model') return;
      const now = performance.now();
      spans.push(now - (before ?? now));
      before = now;
      if (spans.length >= 3 && !promising(typical(spans))) slow.abort('slower than it is worth');
      if (spans.length >= FEWEST_STEPS && now - began > LONG_ENOUGH) slow.abort('measured');
    });
    await run.result().catch((error: unknown) => {
      if (!slow.signal.aborted) throw error;
    });
    await watched;
  } finally {
    await ingot.dispose();
  }
  return typical(spans);
};

/** Milliseconds of one sampled token of a size, after one step of training: of the fastest batch, for the first one warms up. Throws what the stages throw. */
const measureSampling = async (
  size: Size,
  plugins: readonly Plugin[],
  store: Store,
  signal: AbortSignal,
): Promise<number> => {
  const ingot = createIngot({ plugins });
  const enough = new AbortController();
  const run = ingot.fromRecipe(measuring(size, 1)).run({ store, signal: AbortSignal.any([signal, enough.signal]) });
  const ends: number[] = [];
  let began = 0;
  try {
    const watched = run.events.forEach((event) => {
      if (event.type === 'stage-start' && event.stage === 'samples') began = performance.now();
      if (event.type !== 'sample' || event.stage !== 'samples') return;
      ends.push(performance.now());
      if (ends.length >= 2 * TOGETHER && performance.now() - began > LONG_ENOUGH) enough.abort('measured');
    });
    await run.result().catch((error: unknown) => {
      if (!enough.signal.aborted) throw error;
    });
    await watched;
  } finally {
    await ingot.dispose();
  }
  // Sequences of a batch are equally long, so that they end together.
  const batches = ends.filter((_, i) => (i + 1) % TOGETHER === 0 || i === ends.length - 1);
  const spans = batches.map((end, i) => end - (batches[i - 1] ?? began));
  const whole = spans.filter((_, i) => (i + 1) * TOGETHER <= ends.length);
  const [fastest = Infinity] = (whole.length > 0 ? whole : spans).toSorted((a, b) => a - b);
  return fastest / (Math.min(TOGETHER, ends.length) * lengthsFor(size.context).answerTokens);
};

const choicePath = async (
  plugins: readonly Plugin[],
  env: Readonly<Record<string, string | undefined>>,
  store: string,
  seconds: number,
): Promise<string> => join(store, 'calibration', `${await machineKey(plugins, env, seconds)}.json`);

/** Keeps a choice for the next start on this machine and device. */
export const keepChoice = async (
  plugins: readonly Plugin[],
  env: Readonly<Record<string, string | undefined>>,
  store: string,
  seconds: number,
  { size, speeds }: Pick<Chosen, 'size' | 'speeds'>,
): Promise<void> => {
  mkdirSync(join(store, 'calibration'), { recursive: true });
  writeWhole(await choicePath(plugins, env, store, seconds), `${JSON.stringify({ size, speeds }, undefined, 2)}\n`);
};

/**
 * The size, and the sizes of all stages, for a life of `seconds` here. Sizes are tried from the smallest; the search ends when a size promises less than the one before.
 * The answer is kept in the store as calibration/<machine>.json and used again, unless it is asked for `anew`.
 */
export const calibrate = async (
  plugins: readonly Plugin[],
  env: Readonly<Record<string, string | undefined>>,
  store: string,
  seconds: number,
  say: (text: string) => void,
  signal: AbortSignal,
  anew = false,
): Promise<Chosen & { readonly again: boolean }> => {
  const path = await choicePath(plugins, env, store, seconds);
  const chosen = (size: Size, speeds: Speeds): Chosen => ({ size, speeds, life: lifeIn(seconds, size, speeds) });
  if (!anew && existsSync(path)) {
    const { size, speeds } = JSON.parse(readFileSync(path, 'utf8')) as Pick<Chosen, 'size' | 'speeds'>;
    return { ...chosen(size, speeds), again: true };
  }
  const scratch = memoryStore();
  const tried: Choice[] = [];
  for (const size of SIZES) {
    const last = tried.at(-1);
    const at = (millisecondsPerStep: number): Choice => ({
      size,
      millisecondsPerStep,
      steps: stepsIn(seconds * SHARE, millisecondsPerStep),
    });
    const choice = at(
      await measure(size, plugins, scratch, signal, (speed) => last === undefined || lossOf(at(speed)) < lossOf(last)),
    );
    signal.throwIfAborted();
    const { millisecondsPerStep, steps } = choice;
    say(
      `  ${size.name.padEnd(7)} ${size.layers} layers, width ${size.width}: ${shownTime(millisecondsPerStep)} a step, ${steps} steps in ${shownSeconds(seconds * SHARE)}`,
    );
    tried.push(choice);
    if (last && lossOf(choice) >= lossOf(last)) break;
  }
  const { size, millisecondsPerStep } = best(tried);
  const millisecondsPerSampled = await measureSampling(size, plugins, scratch, signal);
  signal.throwIfAborted();
  say(`  ${size.name} it is; it samples a token in ${shownTime(millisecondsPerSampled)}`);
  const speeds = { millisecondsPerStep, millisecondsPerSampled };
  await keepChoice(plugins, env, store, seconds, { size, speeds });
  return { ...chosen(size, speeds), again: false };
};
