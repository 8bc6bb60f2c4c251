// The main job, `npm start`: the life of a model on Moby-Dick, of the size that fits this machine: pretrained, tuned, aligned, packed, and measured at every age.
import { join } from 'node:path';
import pc from 'picocolors';
import { processExecutor, type Plugin, type Store } from '@ingot/core';
import { TEMPLATES } from '../commands/init.js';
import { showOutcome } from '../commands/run.js';
import { showError } from '../error-text.js';
import { EXIT, exitCodeOf, type ExitCode } from '../exit-codes.js';
import type { Io } from '../io.js';
import { plugins as builtIn } from '../plugins.js';
import { runRecipe, type RunOutcome } from '../run-recipe.js';
import { openRecipe, openStore, storePath } from '../session.js';
import { bookFolder } from './book.js';
import { alignSteps, lifeIn } from './budget.js';
import { calibrate, keepChoice, type Chosen } from './calibrate.js';
import { closing } from './closing.js';
import { watchPace } from './pace.js';

/** Time that all stages together aim at. The promise is five minutes: the rest is for the set-up, the measuring, the starts of processes, and a machine that slows down. */
const SECONDS = 210;

/** What the main job may be told. */
export interface MainJobOptions {
  readonly store?: string;
  readonly seconds?: number;
  readonly plugins?: readonly Plugin[];
  /** Chooses the size anew, whatever was kept. */
  readonly measure?: boolean;
  /** Every stage in this process: for tests on sources, which a child process cannot import. */
  readonly inline?: boolean;
}

const setsOf = ({ size, life }: Chosen): string[] => {
  const { steps, passages, openingWords, responseWords, answerTokens } = life;
  return [
    'book.package=null',
    `book.path=${bookFolder()}`,
    `design.layers=${size.layers}`,
    `design.heads=${size.heads}`,
    `design.width=${size.width}`,
    `design.context=${size.context}`,
    `base.steps=${steps}`,
    `base.batch=${size.batch}`,
    `base.optimiser.lr=${size.lr}`,
    `base.evalEvery=${Math.max(1, Math.round(steps / 12))}`,
    `base.sampleEvery=${Math.max(1, Math.round(steps / 6))}`,
    `base.checkpointEvery=${Math.max(1, Math.round(steps / 8))}`,
    `openings.limit=${passages}`,
    ...['openings', 'questions'].flatMap((stage) => [
      `${stage}.openingWords=${openingWords}`,
      `${stage}.responseWords=${responseWords}`,
    ]),
    `sft.sampleTokens=${answerTokens}`,
    `feedback.tokens=${answerTokens}`,
    `aligned.watch.tokens=${answerTokens}`,
    `aligned.evalEvery=${Math.max(1, Math.round(alignSteps(passages, 16) / 4))}`,
    `answers.tokens=${answerTokens}`,
  ];
};

interface Surroundings {
  readonly plugins: readonly Plugin[];
  readonly opened: Store;
  readonly store: string;
  readonly seconds: number;
  readonly inline: boolean;
}

/** The same size where a step takes so much longer, and with it everything else. */
const slowedTo = (millisecondsPerStep: number, { size, speeds }: Chosen, seconds: number): Chosen => {
  const millisecondsPerSampled = (speeds.millisecondsPerSampled * millisecondsPerStep) / speeds.millisecondsPerStep;
  const slower = { millisecondsPerStep, millisecondsPerSampled };
  return { size, speeds: slower, life: lifeIn(seconds, size, slower) };
};

/** Runs the recipe with the chosen size. Training that is far slower than measured is stopped and started again with fewer steps, twice at most. */
const train = async (
  io: Io,
  chosen: Chosen,
  { plugins, opened, store, seconds, inline }: Surroundings,
): Promise<RunOutcome> => {
  let choice = chosen;
  for (let attempt = 1; ; attempt++) {
    let slower: Chosen | undefined;
    const open = await openRecipe(io, plugins, join(TEMPLATES, 'life.yaml'), setsOf(choice));
    let cancel = (_reason: string): void => undefined;
    const watchful = watchPace('base', choice.life.pretraining, (millisecondsPerStep) => {
      slower = slowedTo(millisecondsPerStep, choice, seconds);
      cancel('slower than measured');
    });
    const outcome = await runRecipe(io, {
      open,
      store: opened,
      storePath: store,
      json: false,
      command: 'npm start',
      ...(inline ? {} : { executor: processExecutor() }),
      ...(attempt > 2
        ? {}
        : {
            watch: (event, stop) => {
              cancel = stop;
              watchful(event);
            },
          }),
    });
    await open.ingot.dispose();
    if (slower === undefined || outcome.code === EXIT.ok) return outcome;
    choice = slower;
    await keepChoice(plugins, io.env, store, seconds, choice);
    io.err(
      `This machine is busier than when it was measured: again, with ${choice.life.steps} steps of ${choice.speeds.millisecondsPerStep.toFixed(0)} ms.\n`,
    );
  }
};

/** Runs the main job and gives its exit code; never rejects. */
export const mainJob = async (io: Io, options: MainJobOptions = {}): Promise<ExitCode> => {
  const began = performance.now();
  const c = pc.createColors(io.colours);
  const store = storePath(io, options.store);
  const seconds = options.seconds ?? SECONDS;
  try {
    const plugins = options.plugins ?? builtIn(io.env);
    io.err(
      `${c.bold('Ingot')} makes a model of Moby-Dick, from nothing: tokenizer, pretraining, tuning, feedback, alignment, int8.\n`,
    );
    const stopping = new AbortController();
    const heed = io.onInterrupt(() => stopping.abort('Ctrl-C'));
    let first = true;
    const opened = openStore(io, options.store);
    await opened.open();
    const choice = await calibrate(
      plugins,
      io.env,
      store,
      seconds,
      (text) => {
        if (first)
          io.err(`Finding the size whose life this machine can live in ${seconds} s (kept for the next start):\n`);
        first = false;
        io.err(`${text}\n`);
      },
      stopping.signal,
      options.measure ?? false,
    ).finally(heed);
    io.err(
      `Size ${c.bold(choice.size.name)}: ${choice.size.layers} layers, width ${choice.size.width}, ${choice.life.steps} steps of pretraining, ${choice.life.passages} passages to tune and align on${choice.again ? ' (chosen before on this machine; npm start -- --measure chooses anew)' : ''}.\n`,
    );

    const outcome = await train(io, choice, { plugins, opened, store, seconds, inline: options.inline ?? false });
    if (outcome.code === EXIT.ok) closing(io, outcome, store, performance.now() - began);
    else showOutcome(io, outcome, 'npm start', false, store);
    return outcome.code;
  } catch (error) {
    const code = exitCodeOf(error);
    showError(io, error, code, false);
    return code;
  }
};
