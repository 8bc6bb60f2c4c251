// The report: one HTML file that needs nothing else, made from a run's log.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { stringify } from 'yaml';
import type { RunLog } from '../runs/record.js';
import { bytes, duration, short } from '../terminal/format.js';
import { drawReport, type ClientData } from './client.js';
import { gather, type Chart, type Gathered } from './gather.js';
import { graphSvg } from './graph.js';
import { escape, htmlPairs, htmlTable, scriptJson } from './html.js';
import { summary } from './summary.js';
import { STYLE } from './style.js';

const require = createRequire(import.meta.url);
const asset = (name: string): string => readFileSync(require.resolve(`uplot/dist/${name}`), 'utf8');

const chartSentence = ({ title, curves, lines }: Chart): string =>
  `${title}. ${[...curves.map((c) => `${c.title}: ${short(c.y[0] ?? NaN)} at step ${c.x[0]}, ${short(c.y.at(-1) ?? NaN)} at step ${c.x.at(-1)}, lowest ${short(Math.min(...c.y))}`), ...lines.map((l) => `${l.title}: ${short(l.value)}`)].join('; ')}.`;

const numbersOf = ({ curves }: Chart): string => {
  const steps = [...new Set(curves.flatMap((curve) => curve.x))].toSorted((a, b) => a - b);
  const shown = steps.filter((_, i) => i % Math.ceil(steps.length / 24) === 0 || i === steps.length - 1);
  const at = curves.map((curve) => new Map(curve.x.map((x, i) => [x, curve.y[i]])));
  return htmlTable(
    shown.map((step) => ({ step, ...Object.fromEntries(curves.map((curve, i) => [curve.title, at[i]?.get(step)])) })),
  );
};
const figure = (chart: Chart, index: number): string => {
  const wide = index === 0;
  const positive = chart.curves.every((curve) => curve.y.every((y) => y > 0));
  return `<figure${wide ? ' class="wide"' : ''}><div class="head"><h3>${escape(chart.title)}</h3>${positive ? `<button data-log="${index}" aria-pressed="false">log scale</button>` : ''}</div>
<figcaption>${escape([chart.unit, `stage ${chart.stage}`].filter(Boolean).join(', '))}</figcaption>
<div class="plot" id="plot-${index}"${wide ? ' data-wide' : ''} role="img" aria-label="${escape(chartSentence(chart))}"></div>
<details><summary>Numbers</summary>${numbersOf(chart)}</details></figure>`;
};

const samplesOf = ({ samples }: Gathered): string => {
  if (samples.length === 0) return '';
  const one = (s: Gathered['samples'][number]) =>
    `<p class="when">${escape(s.stage)}${s.step === undefined ? '' : `, step ${s.step}`}</p><p class="sample"><span class="prompt">${escape(s.prompt)}</span>${escape(s.text)}</p>`;
  const last = samples.slice(-3).toReversed();
  const earlier = samples.slice(0, -3).toReversed();
  return `<h2>Samples</h2><div class="card">${last.map(one).join('')}${earlier.length ? `<details><summary>${earlier.length} earlier</summary>${earlier.map(one).join('')}</details>` : ''}</div>`;
};
const stagesOf = ({ stages, peak, memory }: Gathered): string =>
  htmlTable(
    stages.map((stage) => {
      const predicted = memory[stage.id]?.predicted ?? stage.predicted?.bytes;
      const measured = memory[stage.id]?.measured ?? peak[stage.id]?.['peakBytes'];
      return {
        stage: stage.id,
        does: stage.stage,
        state: stage.state,
        took: stage.milliseconds === undefined ? '' : duration(stage.milliseconds),
        'memory predicted': predicted === undefined ? '' : bytes(predicted),
        'memory measured': measured === undefined ? '' : bytes(measured),
        'time predicted': stage.predicted?.seconds === undefined ? '' : duration(stage.predicted.seconds * 1000),
        why: stage.why,
        key: stage.key.slice(0, 12),
      };
    }),
  );

/** The whole page as text. */
export const reportPage = (log: RunLog): string => {
  const { record } = log;
  const gathered = gather(log);
  const { verdict, tiles } = summary(log, gathered);
  const data: ClientData = {
    charts: gathered.charts.map(({ title, unit, curves, lines }) => ({ title, unit, curves, lines })),
  };
  const trouble =
    record.ending === 'done'
      ? ''
      : `<p class="bad">This run ended as ${record.ending}${record.why ? `: ${escape(record.why)}` : ''}.</p>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escape(record.name)} · Ingot report</title>
<link rel="icon" href="data:,"><style>${asset('uPlot.min.css')}${STYLE}</style></head>
<body><header><div><h1>${escape(record.name)}</h1><p class="soft">Run ${escape(record.id)}, seed ${record.seed}. <code>${escape(record.command)}</code></p></div><button id="theme" type="button">light / dark</button></header>
<main>${trouble}
${verdict.length ? `<div class="verdict">${verdict.map((line) => `<p>${escape(line)}</p>`).join('')}</div>` : ''}
<div class="tiles">${tiles.map(({ value, label }) => `<div class="tile"><b>${escape(value)}</b><span>${escape(label)}</span></div>`).join('')}</div>
${gathered.charts.length ? `<h2>Curves</h2><div class="charts">${gathered.charts.map(figure).join('\n')}</div>` : ''}
${gathered.tables.length ? `<h2>Measures</h2>${gathered.tables.map((table) => `<div class="card">${htmlTable(table.rows, table.title)}</div>`).join('')}` : ''}
${samplesOf(gathered)}
<h2>Graph</h2><div class="card"><div class="scroll" tabindex="0" aria-label="Graph, scrolls sideways">${graphSvg(gathered.stages)}</div></div>
<div class="card">${stagesOf(gathered)}</div>
${gathered.warnings.length ? `<h2>Warnings</h2><div class="card">${gathered.warnings.map((text) => `<p class="bad">${escape(text)}</p>`).join('')}</div>` : ''}
${gathered.notes.length ? `<details><summary>What the stages said (${gathered.notes.length})</summary><div class="card"><pre>${escape(gathered.notes.join('\n'))}</pre></div></details>` : ''}
<h2>Configuration</h2>${gathered.stages.map((stage) => `<details class="card"><summary><b>${escape(stage.id)}</b> · ${escape(stage.stage)}</summary><pre>${escape(stringify(stage.options ?? {}))}</pre></details>`).join('')}
<h2>Machine and versions</h2><div class="card">${htmlPairs({ ...record.machine, started: record.started, ...(record.ended ? { ended: record.ended } : {}) })}</div><div class="card">${htmlPairs(record.versions)}</div>
</main><footer>Made by Ingot ${escape(record.versions['ingot'] ?? '')}. This file needs no network; its charts are drawn by uPlot (MIT).</footer>
<script>${asset('uPlot.iife.min.js')}</script>
<script type="application/json" id="data">${scriptJson(data)}</script>
<script>(${drawReport.toString()})(uPlot, JSON.parse(document.getElementById('data').textContent));</script>
</body></html>
`;
};
