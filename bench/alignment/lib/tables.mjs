// Results as tables of Markdown, and their place in a page: between <!-- name --> and <!-- /name -->.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/lib/run.mjs';

const percent = (share, digits = 1) => `${(100 * share).toFixed(digits)}%`;
const between = ({ low, high }) => `${percent(low)} to ${percent(high)}`;
const pValue = (p) => (p < 1e-4 ? p.toExponential(0) : p.toPrecision(2));

/** A table of rows of cells, the first being its head. */
export const markdown = ([head, ...rows]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** What each model answers. */
export const showMeasures = ({ measures }, names) => {
  const order = ['base', 'sft', ...names];
  const quality = markdown([
    ['model', 'reward', 'KL to SFT', 'tokens', 'cut off', 'distinct-2', 'bits per byte'],
    ...order.map((name) => {
      const { reward, kl, klPerToken, tokens, cut, distinct2, bitsPerByte } = measures[name];
      const far = name === 'sft' ? '0' : `${kl.toFixed(1)} (${klPerToken.toFixed(3)} a token)`;
      return [
        `\`${name}\``,
        reward.toFixed(2),
        far,
        tokens.toFixed(1),
        percent(cut, 0),
        distinct2.toFixed(3),
        bitsPerByte.toFixed(3),
      ];
    }),
  ]);
  const wins = markdown([
    ['model', 'wins, ties, losses', 'win rate', '95% interval', 'p', 'at equal length', 'reward above SFT', 'p (t)'],
    ...order
      .filter((name) => name !== 'sft')
      .map((name) => {
        const { win, controlled, difference } = measures[name];
        return [
          `\`${name}\``,
          `${win.wins}, ${win.ties}, ${win.losses}`,
          percent(win.rate),
          between(win.interval),
          pValue(win.p),
          `${percent(controlled.rate)} (${between(controlled.interval)})`,
          `${difference.difference.toFixed(2)} (${difference.interval.low.toFixed(2)} to ${difference.interval.high.toFixed(2)})`,
          pValue(difference.p),
        ];
      }),
  ]);
  return `${quality}\n\n${wins}`;
};

const setting = (values) =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

/** What was tried of each method, and what was taken. */
export const showSettings = ({ tried, chosen }) =>
  markdown([
    ['method', 'tried', 'taken'],
    ...Object.entries(chosen).map(([use, taken]) => [`\`${use}\``, tried[use].map(setting).join('; '), setting(taken)]),
  ]);

/** Pairs that the reference is computed for, of which a tenth is held out, and epochs that it is used in; examples of SFT, and its epochs; rows of a step. */
const PAIRS = { pairs: 1116, learnt: 1004, epochs: 2 };
const SFT = { examples: 1369, epochs: 3 };
const ROWS = 16;
const stepsOf = (name, { steps }) =>
  steps ??
  (name === 'sft' ? Math.ceil((SFT.examples * SFT.epochs) / ROWS) : Math.ceil((PAIRS.learnt * PAIRS.epochs) / ROWS));

/** What a row of each method cost, and the whole stage, beside SFT's. A row of a method that learns online is an answer: drawn, scored and learnt. */
export const showCosts = ({ costs }) => {
  const row = ({ step, rows }) => step / rows;
  const whole = (name, cost) => stepsOf(name, cost) * cost.step + (cost.steps === undefined ? cost.before : 0);
  return markdown([
    ['stage', 'ms a row', '× SFT', 'a token, × SFT', 'the whole stage, × SFT', 'peak above idle'],
    ...Object.entries(costs).map(([name, cost]) => [
      `\`${name}\``,
      row(cost).toFixed(2),
      (row(cost) / row(costs.sft)).toFixed(2),
      (cost.perToken / costs.sft.perToken).toFixed(2),
      (whole(name, cost) / whole('sft', costs.sft)).toFixed(1),
      `${(cost.aboveIdleBytes / 2 ** 20).toFixed(0)} MiB`,
    ]),
  ]);
};

/** What each method that learns online holds, role by role. */
export const showHeld = ({ costs }) => {
  const online = Object.entries(costs).filter(([, { held }]) => held);
  const roles = online[0]?.[1].held.map(({ role }) => role) ?? [];
  return markdown([
    ['stage', ...roles],
    ...online.map(([name, { held }]) => [`\`${name}\``, ...held.map((one) => one.held)]),
  ]);
};

/** Puts texts between their marks in a page of docs. Throws where a mark is missing. */
export const writeTables = (page, texts) => {
  const path = join(root, 'docs', page);
  let content = readFileSync(path, 'utf8');
  for (const [name, text] of Object.entries(texts)) {
    const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const [from, to] = [content.indexOf(open), content.indexOf(close)];
    if (from < 0 || to < from) throw new Error(`docs/${page} wants ${open} and ${close}.`);
    content = `${content.slice(0, from + open.length)}\n\n${text}\n\n${content.slice(to)}`;
  }
  writeFileSync(path, content);
};
