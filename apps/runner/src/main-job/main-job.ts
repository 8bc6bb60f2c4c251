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

/** Pretraining time that is aimed at. The promise is five minutes: the rest is for tuning, alignment, the measures, and a machine that slows down. */
const SECONDS = 130;
/** What sampling answers for the feedback may take, and how much dearer a token is to sample than to train on. */
const FEEDBACK = { milliseconds: 20_000, tokensOfOne: 4 * 32, dearer: 5 };
/** Openings are examples and prompts as 6 to 4. */
const SHARE_OF_PROMPTS = 0.4;

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

/** Openings of which the feedback can be sampled in its time, by the pace that was measured. */
export const openingsIn = ({ size, millisecondsPerStep }: Choice): number => {
  const ofOne = (millisecondsPerStep / (size.batch * size.context)) * FEEDBACK.dearer * FEEDBACK.tokensOfOne;
  return Math.round(Math.min(800, Math.max(48, FEEDBACK.milliseconds / ofOne)) / SHARE_OF_PROMPTS);
};

const setsOf = (choice: Choice): string[] => [...baseSets(choice), `openings.limit=${openingsIn(choice)}`];
const baseSets = ({ size, steps }: Choice): string[] => [
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
];

/** Answers of every age to the same openings, one under the other. */
const sideBySide = ({ events }: RunOutcome, bold: (text: string) => string): string => {
  for (const { event } of events.toReversed()) {
    if (event.type !== 'table' || event.title !== 'Side by side') continue;
    return event.rows
      .slice(0, 3)
      .map(({ prompt, ...answers }) => {
        const said = Object.entries(answers).map(
          ([name, text]) => `  ${name.padEnd(8)} ${excerpt(String(text).replaceAll(/\s+/g, ' '), 160)}`,
        );
        return `${bold(excerpt(String(prompt), 120))}\n${said.join('\n')}`;
      })
      .join('\n\n');
  }
  return '';
};
/** Rows of the last table of this title, in one line each. */
const linesOf = ({ events }: RunOutcome, title: string): string[] => {
  const found = events.findLast(({ event }) => event.type === 'table' && event.title === title)?.event;
  if (found?.type !== 'table') return [];
  return found.rows.map(({ name, ...values }) => {
    const told = Object.entries(values).map(([what, value]) => `${what} ${value}`);
    return `  ${String(name).padEnd(28)} ${told.join(' · ')}`;
  });
};

const closing = (io: Io, outcome: RunOutcome, store: string, took: number): void => {
  const c = pc.createColors(io.colours);
  const gathered = gather({ record: outcome.record, events: outcome.events });
  const compared = sideBySide(outcome, c.bold);
  if (compared) io.err(`\n${c.bold('The same openings, answered at every age')}\n\n${compared}\n`);
  const rewards = linesOf(outcome, 'Rewards');
  if (rewards.length > 0)
    io.err(
      `\n${c.bold("What alignment was for: the sentiment of the answers by AFINN's word list, no more")}\n${rewards.join('\n')}\n`,
    );
  for (const line of verdicts(gathered)) io.err(`\n${c.bold(line)}\n`);
  const flag = store.endsWith('/.ingot') ? '' : ` --store ${shownPath(io, store)}`;
  const key = (id: string): string => outcome.record.stages.find((stage) => stage.id === id)?.key.slice(0, 12) ?? '';
  io.err(`\n${c.bold('Report')} ${outcome.report ? shownPath(io, outcome.report) : 'not written'}  ${c.dim(`(all in ${duration(took)}; again with npm start: everything is kept)`)}
${c.bold('Try next')}
  npx ingot sample --model ${key('aligned')}.model --prompt 'Call me' --tokens 60 --temperature 0.7 --seed 1${flag}
  npx ingot init life               the recipe of this run, to change; then: npx ingot run life.yaml
  npx ingot compare --align dpo,kto,simpo life.yaml      the method is one word
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
    const open = await openRecipe(io, plugins, join(TEMPLATES, 'life.yaml'), setsOf(choice));
    let cancel = (_reason: string): void => undefined;
    const watchful = watchPace('base', seconds, (millisecondsPerStep) => {
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
