// An exported function without a docstring is found in each of its forms; a documented one, and one that is not exported, is not.
import { describe, expect, it } from 'vitest';
import { check } from './docstrings.mjs';
import { faultsIn } from './workspace.fixture.mjs';

// each `@` marks where a docstring belongs
const PLANTED = [
  ['a declaration', '@export function planted() {}'],
  ['a generator', '@export async function* planted() {}'],
  ['an arrow', '@export const planted = () => 1;'],
  ['a function expression', '@export const planted = function () {};'],
  ['an arrow with `satisfies`', '@export const planted = ((a: number) => a) satisfies (a: number) => number;'],
  ['an arrow with `as`', '@export const planted = ((a: number) => a) as never;'],
  ['a class', '@export class planted {}'],
  ['a class expression', '@export const planted = class {};'],
  ['a list of a local function', '@function planted() {}\nexport { planted };'],
  ['a list before its function', 'export { planted };\n@function planted() {}'],
  ['a list of a local arrow', '@const planted = () => 1;\nexport { planted };'],
  ['a list of a local class', '@class planted {}\nexport { planted };'],
  ['a list under another name', '@const planted = () => 1;\nexport { planted as other };'],
  ['a list as the default', '@const planted = () => 1;\nexport { planted as default };'],
  ['the default, named afterwards', '@const planted = () => 1;\nexport default planted;'],
  ['the default, a named function', '@export default function planted() {}'],
  ['the default, a function', '@export default function () {}', 'default'],
  ['the default, an arrow', '@export default () => 1;', 'default'],
  ['the default, an async arrow', '@export default async (a: number) => a;', 'default'],
  ['the default, an arrow with `satisfies`', '@export default (() => 1) satisfies () => number;', 'default'],
  ['the default, a class', '@export default class {}', 'default'],
];
const file = 'packages/text/src/planted.ts';
const purpose = '// Something planted.\n';
const found = (text) => faultsIn(check, { [file]: purpose + text });

describe('docstrings', () => {
  it('finds nothing in a clean workspace', () => expect(faultsIn(check)).toEqual([]));

  it.each(PLANTED)('%s', (_, text, name = 'planted') => {
    const line = text.slice(0, text.indexOf('@')).split('\n').length + 1;
    expect(found(text.replace('@', ''))).toEqual([`${file}:${line}: '${name}' is exported without a docstring.`]);
    expect(found(text.replace('@', '/** */ '))).toHaveLength(1);
    expect(found(text.replace('@', '// What it does.\n'))).toHaveLength(1);
    expect(found(text.replace('@', '/** What it does. */\n'))).toEqual([]);
  });

  it('finds each of several, in sources, commands and scripts', () => {
    const text = `${purpose}export const a = () => 1;\nfunction b() {}\n/** c */\nexport class c {}\nexport { b };\n`;
    for (const place of [
      'packages/core/src/x.ts',
      'apps/runner/bin/ingot.mjs',
      'apps/runner/bin/x.js',
      'scripts/x.mjs',
    ])
      expect(faultsIn(check, { [place]: text })).toEqual([
        `${place}:2: 'a' is exported without a docstring.`,
        `${place}:3: 'b' is exported without a docstring.`,
      ]);
  });

  it.each([
    [
      'what is not exported',
      'const planted = () => 1;\nfunction other() {}\nclass third {}\nplanted(), other(), new third();',
    ],
    ['a constant that is not a function', 'export const planted = 1;\nexport default 2;'],
    ['what another file declares', "import { read } from './index.js';\nexport { read };\nexport * from './index.js';"],
    ['a type', 'type planted = () => void;\nexport type { planted };\nexport interface Other {}'],
  ])('leaves alone: %s', (_, text) => expect(found(text)).toEqual([]));

  it('leaves tests and fixtures alone', () => {
    for (const place of ['x.test.ts', 'x.slow.ts', 'x.fixture.mjs', 'fixtures/x.ts'])
      expect(faultsIn(check, { [`packages/text/src/${place}`]: 'export const planted = () => 1;\n' })).toEqual([]);
  });
});
