// The graph of a run as SVG: dagre places the stages, each says what it did, edges carry the port that they feed.
import { graphlib, layout } from '@dagrejs/dagre';
import { duration } from '../terminal/format.js';
import type { StageOutcome } from './gather.js';
import { escape } from './html.js';

const WIDTH = 150;
const HEIGHT = 58;
const WORDS: { readonly [S in StageOutcome['state']]: (stage: StageOutcome) => string } = {
  kept: (stage) =>
    stage.milliseconds === undefined ? 'kept in the store' : `kept (took ${duration(stage.milliseconds)})`,
  made: (stage) => `made in ${duration(stage.milliseconds ?? 0)}`,
  stopped: () => 'stopped',
  waiting: () => 'not reached',
};

const path = (points: readonly { x: number; y: number }[]): string => {
  const [first, ...rest] = points;
  if (!first) return '';
  // dagre's points lie on a polyline; midpoints as joints of quadratic curves make it smooth
  const middle = rest.slice(0, -1).map((point, i) => {
    const next = rest[i + 1] ?? point;
    const end = i === rest.length - 2 ? next : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    return `Q${point.x.toFixed(1)},${point.y.toFixed(1)} ${end.x.toFixed(1)},${end.y.toFixed(1)}`;
  });
  return `M${first.x.toFixed(1)},${first.y.toFixed(1)}${middle.join('') || `L${rest[0]?.x.toFixed(1)},${rest[0]?.y.toFixed(1)}`}`;
};

/** An inline SVG; colours come from the page's custom properties, states also differ by their words and outline. */
export const graphSvg = (stages: readonly StageOutcome[]): string => {
  const graph = new graphlib.Graph({ multigraph: false });
  graph.setGraph({ rankdir: 'LR', nodesep: 18, ranksep: 44, marginx: 4, marginy: 4 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of stages) graph.setNode(id, { width: WIDTH, height: HEIGHT });
  const ports = new Map<string, string[]>();
  for (const { id, from } of stages) {
    for (const [port, refs] of Object.entries(from)) {
      for (const ref of refs) {
        const source = ref.split('.')[0] ?? '';
        if (!graph.hasNode(source)) continue;
        graph.setEdge(source, id);
        const name = `${source}\n${id}`;
        ports.set(name, [...(ports.get(name) ?? []), port]);
      }
    }
  }
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  const edges = (graph.edges() as { v: string; w: string }[]).map(({ v, w }) => {
    const { points } = graph.edge(v, w) as { points: { x: number; y: number }[] };
    return `<path d="${path(points)}" class="edge" marker-end="url(#arrow)"><title>${escape(`${v} → ${w}: ${(ports.get(`${v}\n${w}`) ?? []).join(', ')}`)}</title></path>`;
  });
  const nodes = stages.map((stage) => {
    const { x, y } = graph.node(stage.id) as { x: number; y: number };
    const words = WORDS[stage.state](stage);
    return `<g class="node ${stage.state}" transform="translate(${(x - WIDTH / 2).toFixed(1)},${(y - HEIGHT / 2).toFixed(1)})"><title>${escape(`${stage.id}: ${stage.stage}, ${words}. Key ${stage.key.slice(0, 12)}. ${stage.why}`)}</title>
<rect width="${WIDTH}" height="${HEIGHT}" rx="8"/><text x="12" y="22" class="name">${escape(stage.id)}</text><text x="12" y="39" class="what">${escape(stage.stage)}</text><text x="12" y="52" class="state">${escape(words)}</text></g>`;
  });
  const label = stages.map((stage) => `${stage.id} ${WORDS[stage.state](stage)}`).join('; ');
  return `<svg viewBox="0 0 ${width.toFixed(0)} ${height.toFixed(0)}" width="${width.toFixed(0)}" height="${height.toFixed(0)}" role="img" aria-label="${escape(`Graph of stages: ${label}`)}">
<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0,0L8,4L0,8z" class="arrowhead"/></marker></defs>
${edges.join('\n')}\n${nodes.join('\n')}</svg>`;
};
