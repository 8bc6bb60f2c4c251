// The report: one HTML file that needs nothing else, made from a run's log.
import { stringify } from 'yaml';
import type { RunLog } from '../runs/record.js';
import { bytes, duration } from '../terminal/format.js';
import { curvesOf, maskedHtml, samplesHtml, trippedHtml } from './sections.js';
import { gather, type Gathered } from './gather.js';
import { graphSvg } from './graph.js';
import { rolloutsHtml } from './rollouts.js';
import { escape, htmlPairs, htmlTable } from './html.js';
import { shell } from './shell.js';
import { summary } from './summary.js';

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
  const trouble =
    record.ending === 'done'
      ? ''
      : `<p class="bad">This run ended as ${record.ending}${record.why ? `: ${escape(record.why)}` : ''}.</p>`;
  return shell({
    title: record.name,
    head: `Run ${escape(record.id)}, seed ${record.seed}. <code>${escape(record.command)}</code>`,
    version: record.versions['ingot'] ?? '',
    charts: gathered.charts,
    main: `${trouble}
${verdict.length ? `<div class="verdict">${verdict.map((line) => `<p>${escape(line)}</p>`).join('')}</div>` : ''}
${trippedHtml(gathered)}
<div class="tiles">${tiles.map(({ value, label }) => `<div class="tile"><b>${escape(value)}</b><span>${escape(label)}</span></div>`).join('')}</div>
${curvesOf(gathered.charts, gathered.frontiers)}
${rolloutsHtml(gathered.rollouts)}
${gathered.tables.length ? `<h2>Measures</h2>${gathered.tables.map((table) => `<div class="card">${htmlTable(table.rows, table.title)}</div>`).join('')}` : ''}
${samplesHtml(gathered)}
${maskedHtml(gathered)}
<h2>Graph</h2><div class="card"><div class="scroll" tabindex="0" aria-label="Graph, scrolls sideways">${graphSvg(gathered.stages)}</div></div>
<div class="card">${stagesOf(gathered)}</div>
${gathered.warnings.length ? `<h2>Warnings</h2><div class="card">${gathered.warnings.map((text) => `<p class="bad">${escape(text)}</p>`).join('')}</div>` : ''}
${gathered.notes.length ? `<details><summary>What the stages said (${gathered.notes.length})</summary><div class="card"><pre>${escape(gathered.notes.join('\n'))}</pre></div></details>` : ''}
<h2>Configuration</h2>${gathered.stages.map((stage) => `<details class="card"><summary><b>${escape(stage.id)}</b> · ${escape(stage.stage)}</summary><pre>${escape(stringify(stage.options ?? {}))}</pre></details>`).join('')}
<h2>Machine and versions</h2><div class="card">${htmlPairs({ ...record.machine, started: record.started, ...(record.ended ? { ended: record.ended } : {}) })}</div><div class="card">${htmlPairs(record.versions)}</div>`,
  });
};
