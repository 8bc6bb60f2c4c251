// A frontier as an inline SVG that needs no script: paths from their first step to their last, later points darker, tripwires marked.
import { short } from '../terminal/format.js';
import type { Frontier, Path } from './frontier.js';
import { escape, htmlTable } from './html.js';

const WIDTH = 520;
const HEIGHT = 300;
const LEFT = 58;
const RIGHT = 18;
const TOP = 16;
const BOTTOM = 46;

/** Round numbers from low to high, about `count` of them (1, 2 or 5 times a power of ten apart). */
export const ticks = (low: number, high: number, count: number): readonly number[] => {
  const rough = (high - low) / count;
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const off = (times: number): number => Math.abs(Math.log((times * power) / rough));
  const step = [1, 2, 5, 10].reduce((best, times) => (off(times) < off(best) ? times : best)) * power;
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
};

const tickText = (at: number): string =>
  Math.abs(at) >= 1e4 || (at !== 0 && Math.abs(at) < 1e-3) ? short(at) : String(at);

interface Scale {
  readonly low: number;
  readonly high: number;
  at(value: number): number;
}
const scaleOf = (values: readonly number[], from: number, to: number): Scale => {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = (most - least) * 0.06 || Math.abs(most) * 0.1 || 1;
  const [low, high] = [least - room, most + room];
  return { low, high, at: (value) => from + ((value - low) / (high - low)) * (to - from) };
};

const px = (value: number): string => value.toFixed(1);
const DASHES = ['', '8 4', '2 3', '10 3 2 3', '4 4', '14 4'];

const pathSvg = ({ title, points, cloud }: Path, i: number, x: Scale, y: Scale): string => {
  const colour = `var(--series-${i % 6})`;
  const dot = ({ step, x: px1, y: py }: Path['points'][number], at: number): string => {
    const progress = points.length < 2 ? 1 : at / (points.length - 1);
    const radius = cloud ? 2.2 : at === points.length - 1 ? 5 : 3.4;
    return `<circle cx="${px(x.at(px1))}" cy="${px(y.at(py))}" r="${radius}" fill="${colour}" opacity="${(cloud ? 0.15 + 0.45 * progress : 0.45 + 0.55 * progress).toFixed(2)}"><title>${escape(`${title}, step ${step}: ${short(px1)}, ${short(py)}`)}</title></circle>`;
  };
  const line = cloud
    ? ''
    : `<polyline points="${points.map((p) => `${px(x.at(p.x))},${px(y.at(p.y))}`).join(' ')}" fill="none" stroke="${colour}" stroke-width="2"${DASHES[i % 6] ? ` stroke-dasharray="${DASHES[i % 6]}"` : ''}/>`;
  const end = points.at(-1)!;
  const label = cloud
    ? ''
    : [points[0]!, end]
        .map((p, which) => {
          const right = x.at(p.x) > WIDTH * 0.72;
          return `<text x="${px(x.at(p.x) + (right ? -9 : 9))}" y="${px(y.at(p.y) + (which === 0 ? 14 : -8))}"${right ? ' text-anchor="end"' : ''} class="tag">step ${p.step}</text>`;
        })
        .join('');
  return `<g>${line}${points.map(dot).join('')}${label}</g>`;
};

const sentence = ({ title, x, y, paths, marks }: Frontier): string =>
  `${title}: ${y} over ${x}. ${[
    ...paths.map(({ title: name, points }) => {
      const [first, last] = [points[0]!, points.at(-1)!];
      const best = points.reduce((most, p) => (p.y > most.y ? p : most), first);
      return `${name}: from ${short(first.y)} at ${short(first.x)} (step ${first.step}) to ${short(last.y)} at ${short(last.x)} (step ${last.step}), highest ${short(best.y)} at step ${best.step}`;
    }),
    ...marks.map((mark) => `tripwire ${mark.title} at step ${mark.step}`),
  ].join('; ')}.`;

/** The picture, its legend, and its numbers as a table. */
export const frontierFigure = (frontier: Frontier): string => {
  const { title, stage, paths, marks } = frontier;
  const all = paths.flatMap(({ points }) => points);
  const x = scaleOf(
    all.map((p) => p.x),
    LEFT,
    WIDTH - RIGHT,
  );
  const y = scaleOf(
    all.map((p) => p.y),
    HEIGHT - BOTTOM,
    TOP,
  );
  const grid = [
    ...ticks(x.low, x.high, 6).map(
      (at) =>
        `<line x1="${px(x.at(at))}" x2="${px(x.at(at))}" y1="${TOP}" y2="${HEIGHT - BOTTOM}" class="grid"/><text x="${px(x.at(at))}" y="${HEIGHT - BOTTOM + 17}" text-anchor="middle" class="tick">${tickText(at)}</text>`,
    ),
    ...ticks(y.low, y.high, 5).map(
      (at) =>
        `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${px(y.at(at))}" y2="${px(y.at(at))}" class="grid"/><text x="${LEFT - 8}" y="${px(y.at(at) + 4)}" text-anchor="end" class="tick">${tickText(at)}</text>`,
    ),
  ];
  const wires = marks.flatMap(({ title: name, step }) => {
    const joined = paths.find(({ cloud }) => !cloud) ?? paths[0];
    const at = joined?.points.findLast((p) => p.step <= step) ?? joined?.points[0];
    return at
      ? [
          `<circle cx="${px(x.at(at.x))}" cy="${px(y.at(at.y))}" r="9" class="wire"><title>${escape(`tripwire ${name} at step ${step}`)}</title></circle><text x="${px(x.at(at.x))}" y="${px(y.at(at.y) + 24)}" text-anchor="${x.at(at.x) > WIDTH * 0.7 ? 'end' : 'start'}" class="wire">${escape(name)}</text>`,
        ]
      : [];
  });
  const legend =
    paths.length > 1
      ? `<p class="legend">${paths.map(({ title: name, cloud }, i) => `<span><i style="background:var(--series-${i % 6})"${cloud ? ' class="cloud"' : ''}></i>${escape(name)}</span>`).join('')}</p>`
      : '';
  const numbers = htmlTable(
    paths.flatMap(({ title: name, points }) => {
      const every = Math.ceil(points.length / 24);
      return points
        .filter((_, i) => i % every === 0 || i === points.length - 1)
        .map((p) => ({ path: name, step: p.step, [frontier.x]: p.x, [frontier.y]: p.y }));
    }),
  );
  return `<figure class="frontier"><div class="head"><h3>${escape(title)}</h3></div><figcaption>${escape(`later steps are darker, stage ${stage}`)}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escape(sentence(frontier))}">${grid.join('')}${paths.map((path, i) => pathSvg(path, i, x, y)).join('')}${wires.join('')}
<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 8}" text-anchor="middle" class="axis">${escape(frontier.x)}</text><text transform="translate(14 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle" class="axis">${escape(frontier.y)}</text></svg>${legend}
<details><summary>Numbers</summary>${numbers}</details></figure>`;
};
