// The browser of rollouts: the answers of every shown step as plain tables that open and close; the page's script adds the controls (browse.ts).
import { short } from '../terminal/format.js';
import type { RolloutRow } from '../rollout-table.js';
import type { RolloutEntry } from './gather.js';
import { escape } from './html.js';

/** Tables that a page has room for; the first and the last are among them. */
const MOST = 120;
const thinned = <Item>(items: readonly Item[]): readonly Item[] =>
  items.length <= MOST
    ? items
    : Array.from({ length: MOST }, (_, i) => items[Math.round((i * (items.length - 1)) / (MOST - 1))]!);

const mean = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0) / Math.max(1, x.length);
const nameOf = ({ step, at }: RolloutEntry): string => `Step ${step}${at ? `, ${at}` : ''}`;

/** Four digits, without zeros behind them. */
const number = (value: number): string =>
  Math.abs(value) >= 1e4 || (value !== 0 && Math.abs(value) < 1e-3)
    ? short(value)
    : String(Number(value.toPrecision(4)));

/** Control tokens such as <|im_start|> stand back behind the text. */
const CONTROL = /(<\|[^|<>\s]{1,40}\|>)/;
/** Text of a model: escaped, and set apart so that signs of another writing direction stay inside. */
const said = (text: string): string => {
  if (text.trim() === '') return '<i class="soft">no text</i>';
  const parts = text.trimEnd().split(CONTROL);
  return `<bdi class="said">${parts.map((part, i) => (i % 2 === 1 ? `<span class="control">${escape(part)}</span>` : escape(part))).join('')}</bdi>`;
};

/** Where a reward lies between the least and the largest of its column, in percent: the length of its bar. */
type Share = (column: string, value: number) => number;
const shares = (entries: readonly RolloutEntry[]): Share => {
  const range = new Map<string, [number, number]>();
  const take = (column: string, value: number): void => {
    const [low, high] = range.get(column) ?? [value, value];
    range.set(column, [Math.min(low, value), Math.max(high, value)]);
  };
  for (const { rows } of entries)
    for (const { reward, numbers } of rows) {
      take('reward', reward);
      for (const [column, value] of Object.entries(numbers)) take(column, value);
    }
  return (column, value) => {
    const [low, high] = range.get(column) ?? [0, 0];
    return high > low ? Math.round((100 * (value - low)) / (high - low)) : 0;
  };
};
const isReward = (column: string): boolean => /^(?:reward|gold)\b/.test(column);

const tableOf = ({ rows }: RolloutEntry, share: Share): string => {
  const columns = [...new Set(rows.flatMap(({ numbers }) => Object.keys(numbers)))];
  const ends = rows.some(({ ended }) => ended !== undefined);
  const head = ['prompt', 'answer'].map((name) => `<th scope="col">${name}</th>`);
  const numeric = ['reward', ...columns].map((name) => `<th scope="col" class="number">${escape(name)}</th>`);
  const cell = (column: string, value: number | undefined): string =>
    value === undefined
      ? '<td></td>'
      : isReward(column)
        ? `<td class="number"><span class="bar" style="--share:${share(column, value)}%">${number(value)}</span></td>`
        : `<td class="number">${number(value)}</td>`;
  const row = ({ prompt, answer, reward, numbers, ended }: RolloutRow, i: number): string =>
    `<tr data-drawn="${i}" data-reward="${reward}"${numbers['tokens'] === undefined ? '' : ` data-tokens="${numbers['tokens']}"`}><td class="asked">${said(prompt)}</td><td class="answer">${said(answer)}</td>${cell('reward', reward)}${columns.map((column) => cell(column, numbers[column])).join('')}${ends ? `<td>${ended === undefined ? '' : ended ? 'yes' : '<b class="cut">no</b>'}</td>` : ''}</tr>`;
  return `<div class="scroll" tabindex="0" aria-label="Answers, scroll sideways"><table><thead><tr>${[...head, ...numeric].join('')}${ends ? '<th scope="col">ended</th>' : ''}</tr></thead><tbody>${rows.map(row).join('')}</tbody></table></div>`;
};

const stepOf = (entry: RolloutEntry, share: Share, open: boolean): string => {
  const rewards = entry.rows.map(({ reward }) => reward);
  const [low, high] = [Math.min(...rewards), Math.max(...rewards)];
  return `<details class="step" data-name="${escape(nameOf(entry))}" data-at="${escape(entry.at)}"${open ? ' open' : ''}><summary><b>${escape(nameOf(entry))}</b> <span class="soft">${rewards.length} answers, mean reward ${number(mean(rewards))} (${number(low)} to ${number(high)})</span></summary>${tableOf(entry, share)}</details>`;
};

/** Hidden until the script wakes it: without one, the steps below open and close by themselves. */
const controls = (several: boolean): string => `<div class="controls" hidden>
<div class="stepper"><button type="button" data-go="-1" aria-label="Earlier step">‹</button><input type="range" min="0" value="0" step="1" aria-label="Step"><button type="button" data-go="1" aria-label="Later step">›</button><output></output></div>
<label><span>Find</span><input type="search" placeholder="in prompts and answers" autocomplete="off" spellcheck="false"></label>
${several ? '<label><span>Answers</span><select data-side></select></label>' : ''}
<label><span>Prompt</span><select data-prompt><option value="">every prompt</option></select></label>
<label><span>Order</span><select data-order><option value="drawn">as drawn</option><option value="best">highest reward first</option><option value="worst">lowest reward first</option><option value="longest">longest first</option></select></label>
<label class="check"><input type="checkbox" data-all><span>every step</span></label>
<p role="status" class="soft"></p></div>`;

const browserOf = (stage: string, entries: readonly RolloutEntry[], named: boolean): string => {
  const shown = thinned(entries);
  const share = shares(shown);
  const less =
    shown.length < entries.length
      ? `<p class="soft">${shown.length} of ${entries.length} tables, evenly over the run.</p>`
      : '';
  const several = new Set(shown.map(({ at }) => at)).size > 1;
  return `${named ? `<h3 class="stage">${escape(stage)}</h3>` : ''}<div class="card rollouts">${controls(several)}${less}${shown.map((entry, i) => stepOf(entry, share, i === shown.length - 1)).join('')}</div>`;
};

/** All rollouts of a run, stage after stage; empty where there are none. */
export const rolloutsHtml = (rollouts: readonly RolloutEntry[]): string => {
  if (rollouts.length === 0) return '';
  const stages = [...new Set(rollouts.map(({ stage }) => stage))];
  return `<h2 id="rollouts">Rollouts</h2><p class="soft">What the model answered on the way, with the rewards that it got.</p>${stages
    .map((stage) =>
      browserOf(
        stage,
        rollouts.filter((entry) => entry.stage === stage),
        stages.length > 1,
      ),
    )
    .join('')}`;
};
