// Broken recipes: each is refused before any work, with the place, what was wanted, what was got and what to try, and exit code 2.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fakeIo } from './fixtures/io.js';
import { RECIPE, testPlugin } from './fixtures/plugin.js';
import { main } from './main.js';

interface Case {
  readonly name: string;
  readonly recipe: string | Buffer;
  readonly at: string | undefined;
  readonly says: readonly (string | RegExp)[];
  readonly code: string;
  readonly set?: readonly string[];
}
const change = (from: string, to: string): string => {
  if (!RECIPE.includes(from)) throw new Error(`the recipe has no ${from}`);
  return RECIPE.replace(from, to);
};
const CASES: readonly Case[] = [
  {
    name: 'a typo in a stage',
    recipe: change('use: measure', 'use: mesure'),
    at: '11:18',
    code: 'unknown-name',
    says: ["'mesure'", "Did you mean 'measure'?", 'Known: measure, text, train'],
  },
  {
    name: 'a typo in an option',
    recipe: change('steps: 20', 'stesp: 20'),
    at: '9:7',
    code: 'bad-options',
    says: ["Stage 'base'", "'stesp'", "Did you mean 'steps'?"],
  },
  {
    name: 'a typo in a part',
    recipe: change('use: scaled', 'use: scald'),
    at: '10:20',
    code: 'unknown-name',
    says: ["pace 'scald'", "Did you mean 'scaled'?", 'Known: even, scaled'],
  },
  {
    name: "a typo in a part's option",
    recipe: change('by: 0.5', 'bye: 0.5'),
    at: '10:28',
    code: 'bad-options',
    says: ["'bye'", "Did you mean 'by'?"],
  },
  {
    name: 'a typo in a port',
    recipe: change('{ model: base.model, text', '{ modle: base.model, text'),
    at: '11:35',
    code: 'bad-wiring',
    says: ["no input 'modle'", "Did you mean 'model'?"],
  },
  {
    name: 'a wrong kind',
    recipe: change('{ model: base.model, text', '{ model: corpus.text, text'),
    at: '11:42',
    code: 'bad-wiring',
    says: ["'test/weights'", "'test/text'", "'corpus.text'"],
  },
  {
    name: 'an artifact that nobody makes',
    recipe: change('{ text: corpus.text }', '{ text: corpse.text }'),
    at: '7:19',
    code: 'bad-recipe',
    says: ["'corpse.text'", "Did you mean 'corpus.text'?"],
  },
  {
    name: 'a missing required option',
    recipe: change('how: { path: a.txt }', 'how: {}'),
    at: '4:3',
    code: 'bad-options',
    says: ["Stage 'corpus'", 'path'],
  },
  {
    name: 'a NaN learning rate',
    recipe: change('steps: 20', 'lr: .nan'),
    at: '9:7',
    code: 'bad-options',
    says: ["Stage 'base'", 'lr', 'NaN'],
  },
  {
    name: 'text where a number is wanted',
    recipe: change('steps: 20', 'steps: many'),
    at: '9:7',
    code: 'bad-options',
    says: ['steps', 'string'],
  },
  {
    name: 'broken YAML',
    recipe: change('pace: { use: scaled, by: 0.5 }', 'pace: { use: scaled, by: 0.5'),
    at: '',
    code: 'bad-recipe',
    says: ['well-formed YAML'],
  },
  {
    name: 'a key given twice',
    recipe: change('steps: 20', 'steps: 20\n      steps: 30'),
    at: '10:7',
    code: 'bad-recipe',
    says: ['unique'],
  },
  {
    name: 'a list',
    recipe: '- one\n- two\n',
    at: '1:1',
    code: 'bad-recipe',
    says: ['wanted a mapping', 'got a list', 'ingot init'],
  },
  { name: 'an empty file', recipe: '', at: undefined, code: 'bad-recipe', says: ['is empty', 'Wanted', 'ingot init'] },
  {
    name: 'a binary file',
    recipe: Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 1]),
    at: undefined,
    code: 'bad-recipe',
    says: ['binary', 'Wanted YAML or JSON'],
  },
  {
    name: 'a plugin that is not there',
    recipe: `plugins: [./nowhere.mjs]\n${RECIPE}`,
    at: '1:11',
    code: 'bad-recipe',
    says: ["'./nowhere.mjs'", 'Install'],
  },
  {
    name: 'no outputs',
    recipe: change('outputs: { model: base.model, report: report.report }\n', ''),
    at: '1:1',
    code: 'bad-recipe',
    says: ['outputs'],
  },
  {
    name: 'a typo in --set',
    recipe: RECIPE,
    at: undefined,
    code: 'bad-options',
    set: ['base.stepz=3'],
    says: ["--set 'base.stepz=3'", "Did you mean 'steps'?"],
  },
  {
    name: 'an unknown stage in --set',
    recipe: RECIPE,
    at: undefined,
    code: 'unknown-name',
    set: ['bass.steps=3'],
    says: ["--set 'bass.steps=3'", "Did you mean 'base'?"],
  },
  {
    name: '--set without a value',
    recipe: RECIPE,
    at: undefined,
    code: 'bad-options',
    set: ['base.steps'],
    says: ["--set 'base.steps'", 'stage.option=value'],
  },
];

describe('broken recipes', () => {
  test.each(CASES)('$name', async ({ recipe, at, says, code, set = [] }) => {
    const io = fakeIo();
    writeFileSync(join(io.cwd, 'r.yaml'), recipe);
    const sets = set.flatMap((one) => ['--set', one]);
    expect(await main(['run', 'r.yaml', ...sets], io, { plugins: [testPlugin] })).toBe(2);
    const message = io.stderr();
    expect(message).toContain(at === undefined ? '' : at === '' ? 'r.yaml:' : `r.yaml:${at}: `);
    expect(message).toContain(`(${code})`);
    for (const part of says)
      expect(message).toMatch(part instanceof RegExp ? part : new RegExp(part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
    expect(io.stdout()).toBe('');
    expect(existsSync(join(io.cwd, '.ingot'))).toBe(false);
    expect(readFileSync(join(io.cwd, 'r.yaml')).equals(Buffer.from(recipe))).toBe(true);

    const again = fakeIo({ cwd: io.cwd });
    expect(await main(['plan', 'r.yaml', '--json', ...sets], again, { plugins: [testPlugin] })).toBe(2);
    const [error] = again.jsonLines();
    expect(error).toMatchObject({ type: 'error', code, exitCode: 2 });
    const place = `${String(error?.['line'])}:${String(error?.['column'])}`;
    expect(place).toBe(at === undefined ? 'undefined:undefined' : at || place);
  });

  test('a recipe that is not there', async () => {
    const io = fakeIo();
    expect(await main(['run', 'none.yaml'], io, { plugins: [testPlugin] })).toBe(2);
    expect(io.stderr()).toMatch(
      /Recipe 'none.yaml' cannot be read: there is no such file\. Wanted .* Try 'ingot init'/,
    );
    expect(await main(['run', '.'], fakeIo(), { plugins: [testPlugin] })).toBe(2);
  });

  test('a plugin that is no plugin', async () => {
    const io = fakeIo();
    writeFileSync(join(io.cwd, 'odd.mjs'), 'export const nothing = 1;\n');
    writeFileSync(join(io.cwd, 'r.yaml'), `plugins: [./odd.mjs]\n${RECIPE}`);
    expect(await main(['run', 'r.yaml'], io, { plugins: [testPlugin] })).toBe(2);
    expect(io.stderr()).toMatch(
      /r\.yaml:1:11: Plugin '\.\/odd\.mjs' of the recipe exports no plugin, got nothing\. Wanted a default export/,
    );
  });
});
