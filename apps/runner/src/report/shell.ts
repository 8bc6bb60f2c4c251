// The frame of every page: head, style, the charts' data and the script that draws them. One file that needs nothing else.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Chart } from './charts.js';
import { browseRollouts } from './browse.js';
import { drawReport, type ClientData } from './client.js';
import { escape, scriptJson } from './html.js';
import { STYLE } from './style.js';

const require = createRequire(import.meta.url);
const asset = (name: string): string => readFileSync(require.resolve(`uplot/dist/${name}`), 'utf8');

/** A page's parts; `head` and `main` are HTML, the title is text. */
export interface Page {
  readonly title: string;
  readonly head: string;
  readonly main: string;
  readonly version: string;
  /** In the order in which their figures stand. */
  readonly charts: readonly Chart[];
}

/** The whole page as text. */
export const shell = ({ title, head, main, version, charts }: Page): string => {
  const data: ClientData = {
    charts: charts.map(({ title: name, unit, curves, lines, marks }) => ({ title: name, unit, curves, lines, marks })),
  };
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escape(title)} · Ingot report</title>
<link rel="icon" href="data:,"><style>${asset('uPlot.min.css')}${STYLE}</style></head>
<body><header><div><h1>${escape(title)}</h1><p class="soft">${head}</p></div><button id="theme" type="button">light / dark</button></header>
<main>${main}
</main><footer>Made by Ingot ${escape(version)}. This file needs no network; its charts are drawn by uPlot (MIT).</footer>
<script>${asset('uPlot.iife.min.js')}</script>
<script type="application/json" id="data">${scriptJson(data)}</script>
<script>(${drawReport.toString()})(uPlot, JSON.parse(document.getElementById('data').textContent));(${browseRollouts.toString()})();</script>
</body></html>
`;
};
