// The report's sections that stand between its numbers: curves by stage, tripwires, samples beside each other, what is learnt.
import { short } from '../terminal/format.js';
import type { Run } from '../mask.js';
import type { Chart } from './charts.js';
import { figure } from './figure.js';
import { frontierFigure } from './frontier-svg.js';
import type { Frontier } from './frontier.js';
import type { Gathered, SampleEntry } from './gather.js';
import { escape } from './html.js';
import { sideBySide, type SideBySide } from './side-by-side.js';

/** Charts stage after stage, the first of each over the whole width and what stands against what after it; with one stage there is no heading for it. */
export const curvesOf = (charts: readonly Chart[], frontiers: readonly Frontier[] = []): string => {
  if (charts.length === 0) return '';
  const stages = [...new Set(charts.map(({ stage }) => stage))];
  const group = (stage: string): string => {
    const own = charts.flatMap((chart, index) => (chart.stage === stage ? [{ chart, index }] : []));
    const against = frontiers.filter((frontier) => frontier.stage === stage).map(frontierFigure);
    const figures = own
      .map(({ chart, index }, at) => figure(chart, index, at === 0))
      .toSpliced(1, 0, ...against)
      .join('\n');
    return `${stages.length > 1 ? `<h3 class="stage">${escape(stage)}</h3>` : ''}<div class="charts">${figures}</div>`;
  };
  return `<h2>Curves</h2>${stages.map(group).join('')}`;
};

/** Tripwires that spoke, above all numbers: what was found, what it means, what to try. */
export const trippedHtml = ({ tripped }: Gathered): string =>
  tripped
    .map(
      ({ stage, name, step, found, cause, remedies, ends }) =>
        `<div class="tripwire" role="alert"><p><b>${escape(name)}</b> <span class="soft">stage ${escape(stage)}, step ${step}: ${escape(found)}${ends ? ', and the run ended there' : ''}</span></p><p>${escape(cause)}.</p><p class="soft">Try, best first:</p><ol>${remedies.map((remedy) => `<li>${escape(remedy)}</li>`).join('')}</ol></div>`,
    )
    .join('');

const one = ({ stage, step, prompt, text }: SampleEntry): string =>
  `<p class="when">${escape(stage)}${step === undefined ? '' : `, step ${step}`}</p><p class="sample"><span class="prompt">${escape(prompt)}</span>${escape(text)}</p>`;
const beside = ({ stage, prompt, answers }: SideBySide): string =>
  `<div class="card"><p class="when">${escape(stage)}</p><p class="sample"><span class="prompt">${escape(prompt)}</span></p><div class="beside">${answers.map(({ step, text }) => `<div><p class="when">step ${step}</p><p class="sample">${escape(text)}</p></div>`).join('')}</div></div>`;

/** Answers to one prompt stand side by side by step; other samples one under the other, the last first. */
export const samplesHtml = ({ samples }: Gathered): string => {
  if (samples.length === 0) return '';
  const { compared, single } = sideBySide(samples);
  const last = single.slice(-3).toReversed();
  const earlier = single.slice(0, -3).toReversed();
  const more = earlier.length
    ? `<details><summary>${earlier.length} earlier</summary>${earlier.map(one).join('')}</details>`
    : '';
  return `<h2>Samples</h2>${compared.map(beside).join('')}${last.length ? `<div class="card">${last.map(one).join('')}${more}</div>` : ''}`;
};

const run = ({ text, weight }: Run): string =>
  weight === 0
    ? `<span class="read">${escape(text)}</span>`
    : `<mark title="weight ${short(weight)}">${escape(text)}</mark>${weight === 1 ? '' : `<sub>×${short(weight)}</sub>`}`;

/** Examples as they are learnt: marked text counts in the loss, the rest is only read. */
export const maskedHtml = ({ masked }: Gathered): string =>
  masked
    .map(
      ({ stage, title, examples }) =>
        `<h2>${escape(title)}</h2><div class="card"><p class="soft">Stage ${escape(stage)}: <mark>marked</mark> text is learnt, the rest is only read.</p>${examples.map(({ example, runs }) => `<p class="when">example ${escape(example)}</p><p class="sample masked">${runs.map(run).join('')}</p>`).join('')}</div>`,
    )
    .join('');
