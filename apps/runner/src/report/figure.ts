// One chart as HTML: where the script draws, with the same in words and in numbers.
import { short } from '../terminal/format.js';
import type { Chart } from './charts.js';
import { escape, htmlTable } from './html.js';

const chartSentence = ({ title, curves, lines, marks }: Chart): string =>
  `${title}. ${[...curves.map((c) => `${c.title}: ${short(c.y[0] ?? NaN)} at step ${c.x[0]}, ${short(c.y.at(-1) ?? NaN)} at step ${c.x.at(-1)}, lowest ${short(Math.min(...c.y))}`), ...lines.map((l) => `${l.title}: ${short(l.value)}`), ...marks.map((m) => `tripwire ${m.title} at step ${m.x}`)].join('; ')}.`;

const numbersOf = ({ curves }: Chart): string => {
  const steps = [...new Set(curves.flatMap((curve) => curve.x))].toSorted((a, b) => a - b);
  const shown = steps.filter((_, i) => i % Math.ceil(steps.length / 24) === 0 || i === steps.length - 1);
  const at = curves.map((curve) => new Map(curve.x.map((x, i) => [x, curve.y[i]])));
  return htmlTable(
    shown.map((step) => ({ step, ...Object.fromEntries(curves.map((curve, i) => [curve.title, at[i]?.get(step)])) })),
  );
};
/** What the page shows of a chart; `index` is its place among all of the page's charts. */
export const figure = (chart: Chart, index: number, wide: boolean): string => {
  const positive = chart.curves.every((curve) => curve.y.every((y) => y > 0));
  return `<figure${wide ? ' class="wide"' : ''}><div class="head"><h3>${escape(chart.title)}</h3>${positive ? `<button data-log="${index}" aria-pressed="false">log scale</button>` : ''}</div>
<figcaption>${escape([chart.unit, `stage ${chart.stage}`].filter(Boolean).join(', '))}</figcaption>
<div class="plot" id="plot-${index}"${wide ? ' data-wide' : ''} role="img" aria-label="${escape(chartSentence(chart))}"></div>
<details><summary>Numbers</summary>${numbersOf(chart)}</details></figure>`;
};
