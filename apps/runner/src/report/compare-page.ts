// Several runs of one recipe, its method exchanged, on one page: numbers in a table, curves over each other, answers beside each other.
import { join, relative } from 'node:path';
import { mkdirSync } from 'node:fs';
import { chartRank } from '../metrics.js';
import { newRunId, writeWhole } from '../runs/folder.js';
import type { RunLog } from '../runs/record.js';
import type { Chart } from './charts.js';
import { frontiersBeside } from './frontier.js';
import { gather, type Gathered } from './gather.js';
import { escape, htmlTable } from './html.js';
import { curvesOf, trippedHtml } from './sections.js';
import { shell } from './shell.js';

type Rows = readonly Readonly<Record<string, string | number>>[];
/** One method's run. */
export interface Compared extends RunLog {
  readonly method: string;
  /** Path of its own report. */
  readonly report?: string | undefined;
}
/** All of them. */
export interface Comparison {
  /** The recipe's name, and the label of the stage that was exchanged. */
  readonly name: string;
  readonly stage: string;
  readonly runs: readonly Compared[];
  /** A row a method. */
  readonly summary: Rows;
  /** Tables of the stages after the method, all methods' rows in each. */
  readonly tables: ReadonlyMap<string, Rows>;
}
interface Named {
  readonly method: string;
  readonly gathered: Gathered;
}

/** Losses of different methods say least of each other, so they come last. */
const rankOf = (title: string): number => (title.startsWith('Loss:') ? Number.MAX_SAFE_INTEGER : chartRank(title));

/** Charts in which each curve is one method: 'Log-probabilities: chosen' of dpo and of kto. */
export const overlaid = (runs: readonly Named[], stage: string): readonly Chart[] => {
  const charts = new Map<string, Chart & { curves: Chart['curves'][number][]; marks: Chart['marks'][number][] }>();
  for (const { method, gathered } of runs)
    for (const chart of gathered.charts) {
      if (chart.stage !== stage) continue;
      for (const { title, ...points } of chart.curves) {
        const about = chart.curves.length > 1 || chart.title === 'Loss' ? `${chart.title}: ${title}` : chart.title;
        const unit = chart.title === 'Loss' ? 'each method minimises a loss of its own' : chart.unit;
        const target = charts.get(about) ?? { title: about, stage, unit, lines: [], curves: [], marks: [] };
        charts.set(about, target);
        target.curves.push({ title: method, ...points });
        target.marks.push(...chart.marks.map((mark) => ({ ...mark, title: `${method}: ${mark.title}` })));
      }
    }
  return [...charts.values()].toSorted((a, b) => rankOf(a.title) - rankOf(b.title));
};
/** The last answer of each method to each prompt that all were asked. */
export const answersBeside = (runs: readonly Named[], stage: string): Rows => {
  const prompts = new Map<string, Record<string, string>>();
  for (const { method, gathered } of runs)
    for (const { prompt, text, stage: of } of gathered.samples) {
      if (of !== stage) continue;
      const row = prompts.get(prompt) ?? {};
      prompts.set(prompt, row);
      row[method] = text; // samples come in time, so the last one stays
    }
  return [...prompts]
    .filter(([, answers]) => runs.every(({ method }) => method in answers))
    .map(([prompt, answers]) => ({ prompt, ...answers }));
};

/** The page as text; links to each method's report are relative to `folder`. */
export const comparePage = ({ name, stage, runs, summary, tables }: Comparison, folder: string): string => {
  const named = runs.map((log): Named => ({ method: log.method, gathered: gather(log) }));
  const charts = overlaid(named, stage);
  const answers = answersBeside(named, stage);
  const against = frontiersBeside(
    named.map(({ method, gathered }) => ({ method, frontiers: gathered.frontiers })),
    stage,
  );
  const links = runs.flatMap(({ method, report }) =>
    report ? [`<a href="${escape(encodeURI(relative(folder, report)))}">${escape(method)}</a>`] : [],
  );
  const wires = named.map(({ method, gathered }) =>
    trippedHtml({
      ...gathered,
      tripped: gathered.tripped
        .filter((wire) => wire.stage === stage)
        .map((wire) => ({ ...wire, stage: `${stage}, ${method}` })),
    }),
  );
  const card = (rows: Rows, caption?: string): string => `<div class="card">${htmlTable(rows, caption)}</div>`;
  return shell({
    title: `${name}: ${runs.map(({ method }) => method).join(', ')}`,
    head: `The stage '${escape(stage)}' exchanged, everything before it shared. Reports: ${links.join(', ') || 'none'}.`,
    version: runs[0]?.record.versions['ingot'] ?? '',
    charts,
    main: `<h2>Numbers</h2>${card(summary)}
${wires.join('')}
${[...tables].map(([title, rows]) => card(rows, title)).join('')}
${curvesOf(charts, against)}
${answers.length ? `<h2>The same prompts</h2>${card(answers)}` : ''}`,
  });
};

/** Writes the page into the store's folder of comparisons; gives its path, or tells `onTrouble` why the disk refused. */
export const writeComparison = (
  comparison: Comparison,
  store: string,
  onTrouble: (error: Error) => void,
): string | undefined => {
  const folder = join(store, 'comparisons');
  const path = join(folder, `${newRunId(store, comparison.name, new Date())}.html`);
  try {
    mkdirSync(folder, { recursive: true });
    writeWhole(path, comparePage(comparison, folder));
    return path;
  } catch (error) {
    onTrouble(error as Error);
    return undefined;
  }
};
