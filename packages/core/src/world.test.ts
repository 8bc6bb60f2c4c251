// What does not fit together is refused before any work: plugins, services, copies and majors of core; and how wiring refuses.
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { Count, Scale, Unit, fakes } from './fixtures/world.js';
import { newFolder, refusal } from './fixtures/watch.js';
import { createIngot } from './ingot.js';
import { Installed } from './installed.js';
import { kind } from './kind.js';
import { CORE_MAJOR, definePlugin, type Plugin } from './plugin.js';
import { defineRole } from './role.js';
import { defineStage } from './stage.js';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { cpSync, existsSync, symlinkSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const base = fakes();
const stageOf = (name: string) => base.stages!.find((stage) => stage.name === name)!;

test('two plugins that claim one name', async () => {
  const claims: readonly (readonly [Plugin, string])[] = [
    [
      definePlugin({ name: '@test/fakes', version: '2.0.0' }),
      "Plugin '@test/fakes' comes from plugin '@test/fakes' and from plugin '@test/fakes@2.0.0'. Install one of the two.",
    ],
    [
      definePlugin({ name: 'mine', stages: [stageOf('sum')] }),
      "Stage 'sum' comes from plugin '@test/fakes' and from plugin 'mine'. Install one of the two.",
    ],
    [
      definePlugin({ name: 'mine', parts: [base.parts![0]] }),
      "The scale 'times' comes from plugin '@test/fakes' and from plugin 'mine'. Install one of the two.",
    ],
    [
      definePlugin({ name: 'mine', events: { text: z.strictObject({}) } }),
      "Event 'text' comes from plugin '@ingot/core' and from plugin 'mine'. Install one of the two.",
    ],
  ];
  for (const [plugin, message] of claims)
    expect((await refusal('duplicate', () => createIngot({ plugins: [base, plugin] }))).message).toBe(message);
});

test('a service bound twice; the application may choose', async () => {
  const mine = definePlugin({ name: 'mine', services: (bind) => bind.value(Unit, { factor: 2 }) });
  expect((await refusal('duplicate', () => createIngot({ plugins: [base, mine] }))).message).toContain(
    "'@ingot/core/test-unit' is bound by '@test/fakes' and by 'mine'",
  );
  await refusal('duplicate', () =>
    createIngot({
      plugins: [],
      services: (bind) => [bind.value(Unit, { factor: 1 }), bind.value(Unit, { factor: 2 })],
    }),
  );
  const ingot = createIngot({ plugins: [base], services: (bind) => bind.value(Unit, { factor: 3 }) });
  expect((await ingot.resolve({ unit: Unit })).unit.factor).toBe(3);
});

test('a missing service, of a stage and of a part, before any work', async () => {
  const ran: string[] = [];
  const bare = definePlugin({
    name: 'bare',
    stages: fakes({ onRun: (stage) => ran.push(stage) }).stages!,
    parts: base.parts!,
  });
  const run = createIngot({ plugins: [bare] })
    .pipeline('p', (g) => g.add('grow', g.add('count', g.add('source', {}))))
    .run();
  const error = await refusal('missing-service', () => run.result());
  expect(error.message).toBe(
    "Stage 'grow' of pipeline 'p' needs service '@ingot/core/test-unit', which nothing binds. Install a plugin that binds it, or bind it in createIngot's services. Known: @ingot/core/installed.",
  );
  const unit = Scale.part({
    name: 'unit',
    version: 1,
    options: z.strictObject({}),
    needs: { unit: Unit },
    make: (_, services) => (value) => value * services.unit.factor,
  });
  const other = definePlugin({ name: 'other', parts: [unit] });
  const pipeline = createIngot({ plugins: [bare, other] }).pipeline('p', (g) =>
    g.add('count', g.add('source', {}), { scale: [{ use: 'unit' }] }),
  );
  await refusal('missing-service', () => pipeline.plan());
  expect(ran).toEqual([]);
});

test('a plugin made for another major version of core', async () => {
  const error = await refusal('bad-plugin', () =>
    createIngot({ plugins: [definePlugin({ name: 'old', version: '9.1.0', core: CORE_MAJOR + 1 })] }),
  );
  expect(error.message).toBe(
    `Plugin 'old@9.1.0' was made for major version ${CORE_MAJOR + 1} of @ingot/core, and this is ${CORE_MAJOR}. Install the release of the plugin that was made for ${CORE_MAJOR}.`,
  );
});

test('two copies of core', async () => {
  const folder = newFolder();
  const dist = fileURLToPath(new URL('../dist', import.meta.url));
  expect(existsSync(dist), 'build first: tsc -b packages/core').toBe(true);
  cpSync(dist, join(folder, 'copy'), { recursive: true });
  cpSync(fileURLToPath(new URL('../package.json', import.meta.url)), join(folder, 'package.json'));
  symlinkSync(fileURLToPath(new URL('../node_modules', import.meta.url)), join(folder, 'node_modules'));
  const script = `
    import { createIngot } from ${JSON.stringify(pathToFileURL(join(dist, 'index.js')).href)};
    import { definePlugin } from ${JSON.stringify(pathToFileURL(join(folder, 'copy', 'index.js')).href)};
    try { createIngot({ plugins: [definePlugin({ name: 'theirs' })] }); } catch (error) { console.log(error.code + ': ' + error.message); }`;
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(said).toMatch(/^two-cores: Plugin 'theirs' was defined by another copy of @ingot\/core/);
});

test('what definitions refuse', async () => {
  const options = z.strictObject({ a: z.int().default(1) });
  const run = async function* () {
    return { count: { count: 1 } };
  };
  const fine = { version: 1, inputs: {}, outputs: { count: Count }, options, run };
  await refusal('bad-name', () => defineStage({ ...fine, name: 'Not Fine' }));
  await refusal('bad-name', () => defineStage({ ...fine, name: 'fine', version: 1.5 }));
  await refusal('duplicate', () => defineStage({ ...fine, name: 'fine', view: z.strictObject({ a: z.string() }) }));
  await refusal('bad-name', () => Scale.inline('', 1, (value) => value));
  const Narrow = defineRole({ count: Count }, { count: Count });
  // @ts-expect-error the compiler refuses it too
  await refusal('bad-name', () => Narrow.stage({ name: 'more', version: 1, ports: { other: Count }, options, run }));
});

test('what wiring refuses, with near misses', async () => {
  const ingot = createIngot({ plugins: [base] });
  const recipe = (stages: object) => () =>
    ingot.fromRecipe({ name: 'r', stages: { s: { use: 'source' }, ...stages }, outputs: { letters: 's.letters' } });
  const refused = async (code: string, stages: object) => (await refusal(code, recipe(stages))).message;
  expect(await refused('unknown-name', { c: { use: 'conut' } })).toBe(
    "Pipeline 'r' asks for stage 'conut', which no plugin installs. Did you mean 'count'? Known: count, grow, same, source, sum.",
  );
  expect(await refused('bad-wiring', { c: { use: 'count', from: { lettres: 's.letters' } } })).toContain(
    "has no input 'lettres'. Did you mean 'letters'?",
  );
  expect(await refused('bad-wiring', { g: { use: 'grow', from: { count: 's.letters' } } })).toContain(
    "wants 'count', got 'letters' from 's.letters'",
  );
  expect(await refused('bad-wiring', { g: { use: 'grow' } })).toContain("input 'count', wants 'count', got nothing");
  expect(await refused('bad-recipe', { c: { use: 'count', from: { letters: 'x.letters' } } })).toContain(
    'which no earlier stage makes',
  );
  expect(
    await refused('bad-options', { c: { use: 'count', from: { letters: 's.letters' }, how: { pluss: 1 } } }),
  ).toContain("has no option 'pluss'. Did you mean 'plus'?");
  expect(
    await refused('bad-options', { c: { use: 'count', from: { letters: 's.letters' }, how: { plus: Number.NaN } } }),
  ).toContain('plus');
  expect(
    await refused('unknown-name', {
      c: { use: 'count', from: { letters: 's.letters' }, how: { scale: [{ use: 'tmies' }] } },
    }),
  ).toContain("Did you mean 'times'?");
  await refusal('bad-recipe', () => ingot.fromRecipe('not a recipe'));
  await refusal('bad-name', () => ingot.fromRecipe({ name: '../up', stages: {}, outputs: {} }));
});

test('Installed makes a part by a name that is read at run time', async () => {
  const ingot = createIngot({ plugins: [base] });
  const { installed } = await ingot.resolve({ installed: Installed });
  expect(installed.names(Scale)).toEqual(['nested', 'times']);
  expect((await installed.make(Scale, 'nested', { inner: { use: 'times', by: 5 } }))(2)).toBe(11);
  expect((await refusal('unknown-name', () => installed.make(Scale, 'time'))).message).toContain(
    "Did you mean 'times'?",
  );
});

test('a service is made once, also when two runs ask at once, and disposed', async () => {
  const log: string[] = [];
  const plugin = definePlugin({ name: 'bare', stages: base.stages!, parts: base.parts! });
  const ingot = createIngot({
    plugins: [plugin],
    services: (bind) =>
      bind.factory(Unit, {}, async () => (log.push('made'), { factor: 1 }), {
        dispose: () => void log.push('disposed'),
        fingerprint: (unit) => `x${unit.factor}`,
      }),
  });
  const pipeline = ingot.pipeline('p', (g) => g.add('grow', g.add('count', g.add('source', {}))));
  await Promise.all([pipeline.run().result(), pipeline.run().result()]);
  expect((await pipeline.plan())[2]!.material).toContain('"services":{"@ingot/core/test-unit":"x1"}');
  await ingot.dispose();
  expect(log).toEqual(['made', 'disposed']);
  expect(kind<number>()('n').name).toBe('n');
});
