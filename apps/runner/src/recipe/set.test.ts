// `--set`: values are typed by YAML and by the option's own schema.
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { RECIPE, testPlugin } from '../fixtures/plugin.js';
import { stagesOf } from '../session.js';
import { applySets, splitAssignment } from './set.js';

const set = (...assignments: string[]) =>
  applySets(parse(RECIPE) as Record<string, unknown>, assignments, stagesOf([testPlugin])) as {
    seed: number;
    stages: Record<string, { how: Record<string, unknown> }>;
  };

test('numbers, booleans, nested options and lists', () => {
  expect(set('base.steps=30').stages['base']?.how['steps']).toBe(30);
  expect(set('base.lr=1e-3').stages['base']?.how['lr']).toBe(0.001);
  expect(set('corpus.lower=true').stages['corpus']?.how['lower']).toBe(true);
  expect(set('base.pace.by=2').stages['base']?.how['pace']).toEqual({ use: 'scaled', by: 2 });
  expect(set('base.pace={use: even}').stages['base']?.how['pace']).toEqual({ use: 'even' });
  expect(set('report.made=[1, two]').stages['report']?.how).toEqual({ made: [1, 'two'] });
});
test('text stays text where the option is text; an = may stand in the value', () => {
  expect(set('corpus.path=2024').stages['corpus']?.how['path']).toBe('2024');
  expect(set('corpus.path=a=b.txt').stages['corpus']?.how['path']).toBe('a=b.txt');
  expect(set('corpus.path=').stages['corpus']?.how['path']).toBe('');
});
test('null takes an option back to its default; seed is of the pipeline; later ones win; the recipe itself is not changed', () => {
  expect(set('base.steps=null').stages['base']?.how).not.toHaveProperty('steps');
  expect(set('seed=9').seed).toBe(9);
  expect(set('base.steps=1', 'base.steps=2').stages['base']?.how['steps']).toBe(2);
  const recipe = parse(RECIPE) as Record<string, unknown>;
  applySets(recipe, ['base.steps=1'], new Map());
  expect(recipe).toEqual(parse(RECIPE));
});
test('an option of a part that nobody chose changes the default part', () => {
  expect(set('base.pace=null', 'base.pace.by=2').stages['base']?.how['pace']).toEqual({ use: 'even', by: 2 });
});
test('NaN and Infinity are numbers, so that the option can refuse them as such', () => {
  expect(set('base.lr=NaN').stages['base']?.how['lr']).toBeNaN();
  expect(set('base.lr=-Infinity').stages['base']?.how['lr']).toBe(-Infinity);
  expect(set('corpus.path=NaN').stages['corpus']?.how['path']).toBe('NaN');
});
test('refuses another form, and to set inside a plain value', () => {
  expect(splitAssignment('a.b.c=d=e')).toEqual({ stage: 'a', path: ['b', 'c'], value: 'd=e' });
  for (const text of ['a', 'a=1', '.b=1', 'a.=1', 'a..b=1'])
    expect(() => splitAssignment(text)).toThrow(/wants stage\.option=value/);
  expect(() => set('base.steps.more=1')).toThrow(/'steps' is the value 20, so nothing can be set inside it/);
});
