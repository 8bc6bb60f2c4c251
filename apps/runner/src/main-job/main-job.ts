// The main job, `npm start`: Moby-Dick, a BPE tokenizer and a GPT of the size that fits this machine, measured beside two baselines.
import { join } from 'node:path';
import pc from 'picocolors';
import { processExecutor, type Plugin, type Store } from '@ingot/core';
import { TEMPLATES } from '../commands/init.js';
import { showOutcome } from '../commands/run.js';
import { showError } from '../error-text.js';
import { EXIT, exitCodeOf, type ExitCode } from '../exit-codes.js';
import type { Io } from '../io.js';
import { plugins as builtIn } from '../plugins.js';
import { gather } from '../report/gather.js';
import { verdicts } from '../report/summary.js';
import { runRecipe, shownPath, type RunOutcome } from '../run-recipe.js';
import { openRecipe, openStore, storePath } from '../session.js';
import { excerpt } from '../terminal/plain.js';
import { duration } from '../terminal/format.js';
import { bookFolder } from './book.js';
import { calibrate, keepChoice } from './calibrate.js';
import { watchPace } from './pace.js';
import { stepsIn, type Choice } from './sizes.js';

/** Training time that is aimed at. The promise is four minutes: the rest is for the tokenizer, the measures, and a machine that slows down. */
const SECONDS = 170;

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

const setsOf = ({ size, steps }: Choice): string[] => [
  'book.package=null',
  `book.path=${bookFolder()}`,
  `design.layers=${size.layers}`,
  `design.heads=${size.heads}`,
  `design.width=${size.width}`,
  `design.context=${size.context}`,
  `model.steps=${steps}`,
  `model.batch=${size.batch}`,
  `model.optimiser.lr=${size.lr}`,
  `model.evalEvery=${Math.max(1, Math.round(steps / 12))}`,
  `model.sampleEvery=${Math.max(1, Math.round(steps / 6))}`,
  `model.checkpointEvery=${Math.max(1, Math.round(steps / 8))}`,
];

const closing = (io: Io, outcome: RunOutcome, store: string, took: number): void => {
  const c = pc.createColors(io.colours);
  const gathered = gather({ record: outcome.record, events: outcome.events });
  const samples = gathered.samples.filter((sample) => sample.stage === 'samples').slice(-3);
  if (samples.length > 0)
    io.err(`\n${c.bold('It writes')}\n${samples.map((s) => `  ${excerpt(`${s.prompt}${s.text}`, 240)}`).join('\n')}\n`);
  for (const line of verdicts(gathered)) io.err(`\n${c.bold(line)}\n`);
  const flag = store.endsWith('/.ingot') ? '' : ` --store ${shownPath(io, store)}`;
  const key = outcome.record.stages.find((stage) => stage.id === 'model')?.key.slice(0, 12) ?? '';
  io.err(`\n${c.bold('Report')} ${outcome.report ? shownPath(io, outcome.report) : 'not written'}  ${c.dim(`(all in ${duration(took)}; again with npm start: everything is kept)`)}
${c.bold('Try next')}
  npx ingot sample --model ${key}.model --prompt 'Call me' --tokens 60 --temperature 0.7 --seed 1${flag}
  npx ingot init moby-dick          a recipe of your own to change, then: npx ingot run moby-dick.yaml
  npx ingot stages                  everything that a recipe can hold
  npx ingot doctor                  devices of this machine; INGOT_DEVICE chooses one
`);
};

interface Surroundings {
  readonly plugins: readonly Plugin[];
  readonly opened: Store;
  readonly store: string;
  readonly seconds: number;
  readonly inline: boolean;
}

/** Runs the recipe with the chosen size. Training that is far slower than measured is stopped and started again with fewer steps, twice at most. */
const train = async (
  io: Io,
  chosen: Choice,
  { plugins, opened, store, seconds, inline }: Surroundings,
): Promise<RunOutcome> => {
  let choice = chosen;
  for (let attempt = 1; ; attempt++) {
    let slower: Choice | undefined;
    const open = await openRecipe(io, plugins, join(TEMPLATES, 'moby-dick.yaml'), setsOf(choice));
    let cancel = (_reason: string): void => undefined;
    const watchful = watchPace('model', seconds, (millisecondsPerStep) => {
      slower = { size: choice.size, millisecondsPerStep, steps: stepsIn(seconds, millisecondsPerStep) };
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
      `This machine is busier than when it was measured: again, with ${choice.steps} steps of ${choice.millisecondsPerStep.toFixed(0)} ms.\n`,
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
    io.err(`${c.bold('Ingot')} trains a tokenizer and a GPT on Moby-Dick, from nothing.\n`);
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
        if (first) io.err(`Finding the size that this machine can train in ${seconds} s (kept for the next start):\n`);
        first = false;
        io.err(`${text}\n`);
      },
      stopping.signal,
      options.measure ?? false,
    ).finally(heed);
    io.err(
      `Size ${c.bold(choice.size.name)}: ${choice.size.layers} layers, width ${choice.size.width}, ${choice.steps} steps${choice.again ? ' (chosen before on this machine; npm start -- --measure chooses anew)' : ''}.\n`,
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
