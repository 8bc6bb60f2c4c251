// Runs a stage in a child process, so that terminal, page and Ctrl-C stay responsive; a crash there is an error here.
import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { IngotError } from '../errors.js';
import * as messages from '../messages.js';
import { cannotCross, crossing } from './crossing.js';
import type { Executor, StageJob, StageProduct } from './executor.js';
import type { FromChild, ToChild } from './protocol.js';

// from sources (tests) the child runs the built file: plain node reads no TypeScript
const entry = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../dist/run/child.js' : './child.js', import.meta.url),
);
/** A debugger's port is taken, and a test runner's conditions point at sources that plain node cannot read. */
const FOR_THIS_PROCESS = /^(--inspect|--conditions|-C)/;
const ALONE = /^(--conditions|-C)$/;
const LAST_WORDS = 2_000;
/** After a cancel a child may finish its step and its `finally`; then it is ended. */
const PATIENCE = 60_000;

const start = (): { readonly child: ChildProcess; readonly lastWords: () => string } => {
  const execArgv = process.execArgv.filter(
    (argument, i, all) => !FOR_THIS_PROCESS.test(argument) && !(all[i - 1] ?? '').match(ALONE),
  );
  const child = fork(entry, [], { serialization: 'advanced', stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv });
  let tail = '';
  child.stdout?.pipe(process.stderr, { end: false }); // stdout belongs to the command: it may be JSON
  child.stderr?.on('data', (words: Buffer) => (tail = (tail + words.toString('utf8')).slice(-LAST_WORDS)));
  return { child, lastWords: () => tail.trim() };
};

const perform = (job: StageJob): Promise<StageProduct> =>
  new Promise((resolve, reject) => {
    const { pipeline, node, key, seed, inputs, signal } = job;
    const where = `Stage '${node.id}' of pipeline '${pipeline}'`;
    const { child, lastWords } = start();
    let settle: (() => void) | undefined;
    let patience: NodeJS.Timeout | undefined;
    const send = (message: ToChild) => {
      if (child.connected) child.send(message, () => {});
    };
    const cancel = () => {
      const reason: unknown = signal.reason;
      send({ type: 'cancel', code: 'cancelled', message: reason instanceof Error ? reason.message : String(reason) });
      patience = setTimeout(() => child.kill('SIGKILL'), PATIENCE).unref();
    };
    child.on('message', (message: FromChild) => {
      if (message.type === 'event') job.say(message.event, message.replayed);
      else if (message.type === 'done') settle = () => resolve(message.product);
      else
        settle = () =>
          reject(
            Object.assign(
              new IngotError(message.code, message.message),
              message.stack === undefined ? {} : { cause: message.stack },
            ),
          );
    });
    child.on('error', (error) => (settle ??= () => reject(messages.childCrashed(where, error.message, lastWords()))));
    child.on('close', (code, killer) => {
      clearTimeout(patience);
      signal.removeEventListener('abort', cancel);
      if (signal.aborted) reject(signal.reason as Error);
      else if (settle) settle();
      else reject(messages.childCrashed(where, killer ? `signal ${killer}` : `exit code ${code}`, lastWords()));
    });
    send({
      type: 'job',
      program: process.argv[1],
      store: job.store.location!,
      plugins: crossing(job.world),
      pipeline,
      id: node.id,
      stage: node.stage.name,
      how: node.how,
      key,
      seed,
      inputs,
    });
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel, { once: true });
  });

/** Stages of plugins that name their module run in a child, over a store in a folder; others run in this process, and the log says why. */
export const processExecutor = (): Executor => ({
  name: 'process',
  refusal: ({ node, world, store }) => {
    if (store.location === undefined) return `the store ${store.name} cannot be shared with another process`;
    if (!existsSync(entry)) return `'${entry}' is not built`;
    return cannotCross(node, world);
  },
  perform,
});
