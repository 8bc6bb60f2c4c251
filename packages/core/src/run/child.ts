// The child's side of the process executor: imports the plugins, runs one stage, and ends when its parent does.
import { IngotError, messageOf } from '../errors.js';
import type { AnyKind } from '../kind.js';
import * as messages from '../messages.js';
import type { Plugin } from '../plugin.js';
import { readOutput } from '../store/artifact.js';
import { folderStore } from '../store/folder-store.js';
import { readManifest } from '../store/records.js';
import { parseHow } from '../wiring.js';
import { makeWorld } from '../world.js';
import type { PluginAddress } from './crossing.js';
import type { ArtifactAddress } from './executor.js';
import { perform } from './perform.js';
import type { FromChild, JobMessage, ToChild } from './protocol.js';

const abort = new AbortController();

const say = (message: FromChild): Promise<void> =>
  new Promise((resolve) => {
    if (process.connected && process.send) process.send(message, () => resolve());
    else resolve();
  });

const isPlugin = (value: unknown, name: string): value is Plugin =>
  typeof value === 'object' && value !== null && 'name' in value && value.name === name;

const load = async ({ name, specifier, export: exported, arguments: given = [] }: PluginAddress): Promise<Plugin> => {
  const module = (await import(specifier)) as Record<string, unknown>;
  const found =
    exported === undefined ? Object.values(module).find((value) => isPlugin(value, name)) : module[exported];
  const plugin: unknown =
    typeof found === 'function' ? (found as (...values: readonly unknown[]) => unknown)(...given) : found;
  if (!isPlugin(plugin, name)) throw messages.pluginNotInModule(name, specifier, Object.keys(module));
  return plugin;
};

const work = async (job: JobMessage): Promise<void> => {
  if (job.program !== undefined) process.argv[1] = job.program;
  const store = folderStore(job.store);
  const world = makeWorld(await Promise.all(job.plugins.map(load)));
  try {
    const stage = world.stages.get(job.stage);
    if (!stage) throw messages.unknownStage(job.pipeline, job.stage, [...world.stages.keys()]);
    const parsed = parseHow(stage, job.how, world.parts, `Stage '${job.id}' of pipeline '${job.pipeline}'`);
    const open = async ({ key, port }: ArtifactAddress, kind: AnyKind) => {
      const output = (await readManifest(store, key))?.outputs[port];
      if (!output) throw messages.unknownArtifact(store.name, key, []);
      return readOutput(store, kind, output, `'${key}.${port}'`);
    };
    const node = { id: job.id, stage, inputs: {}, how: job.how, ...parsed };
    const { pipeline, key, seed, inputs } = job;
    const tell: Parameters<typeof perform>[0]['say'] = (event, replayed) =>
      void say({ type: 'event', event, replayed });
    const mayWrite = () => {
      if (!process.connected) process.exit(1); // the run is gone: another may hold its lock by now
    };
    const product = await perform(
      { pipeline, node, key, seed, world, store, inputs, open, signal: abort.signal, say: tell },
      mayWrite,
    );
    await say({ type: 'done', product });
  } finally {
    await world.services.dispose();
  }
};

const end = async (working: Promise<void>): Promise<void> => {
  await working.catch((error: unknown) =>
    say({
      type: 'failed',
      code: IngotError.is(error) ? error.code : 'stage-failed',
      message: messageOf(error),
      ...(error instanceof Error && error.stack !== undefined ? { stack: error.stack } : {}),
    }),
  );
  process.exit(0);
};

process.on('disconnect', () => process.exit(1));
process.on('SIGINT', () => {}); // the terminal sends Ctrl-C to the child too: the parent says what to do
process.on('message', (message: ToChild) => {
  if (message.type === 'job') void end(work(message));
  else abort.abort(new IngotError(message.code, message.message));
});
