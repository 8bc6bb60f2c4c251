// Paths of two numbers over a run: reward against KL, gold reward against KL, gold against proxy (Gao et al. 2023, "Scaling laws for reward model overoptimization").
import type { Read } from './charts.js';
import type { TrippedIn } from './gather.js';

/** Where a run stood at a step. */
export interface PathPoint {
  readonly step: number;
  readonly x: number;
  readonly y: number;
}
/** One path, in the order of steps. */
export interface Path {
  readonly title: string;
  readonly points: readonly PathPoint[];
  /** Many noisy points that are not joined. */
  readonly cloud?: true;
}
/** Two numbers against each other. */
export interface Frontier {
  readonly title: string;
  readonly stage: string;
  readonly x: string;
  readonly y: string;
  readonly paths: readonly Path[];
  /** Steps at which a tripwire spoke. */
  readonly marks: readonly { readonly title: string; readonly step: number }[];
}

/** Metrics by name: x and y of one path. */
type Source = readonly [title: string, x: string, y: string, cloud?: true];
interface Kind {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly sources: readonly Source[];
  /** Metrics whose tripwires are marked. */
  readonly wires: readonly string[];
}
const KL = 'KL to the reference, nats an answer';
const KINDS: readonly Kind[] = [
  {
    title: 'Reward against KL',
    x: KL,
    y: 'reward',
    sources: [
      ['held out', 'heldOut/kl', 'heldOut/reward'],
      ['watched prompts', 'kl', 'sampleReward'],
      ['rounds', 'kl', 'reward', true],
    ],
    wires: ['klPerToken', 'goldDrop'],
  },
  {
    title: 'Gold reward against KL',
    x: KL,
    y: 'gold reward',
    sources: [['held out', 'heldOut/kl', 'heldOut/gold']],
    wires: ['klPerToken', 'goldDrop'],
  },
  {
    title: 'Gold reward against the reward that is learnt',
    x: 'reward that is learnt (the proxy)',
    y: 'gold reward',
    sources: [['held out', 'heldOut/reward', 'heldOut/gold']],
    wires: ['goldDrop'],
  },
];

/** Both numbers where both were told; of points that follow one another and are the same (the steps of one round) the first. */
const pathOf = (curves: readonly Read[], [title, xName, yName, cloud]: Source): Path => {
  const [x, y] = [xName, yName].map((name) => curves.find((curve) => curve.name === name));
  const at = new Map(x?.x.map((step, i) => [step, x.y[i]]));
  const all = (y?.x ?? []).flatMap((step, i): PathPoint[] => {
    const [px, py] = [at.get(step), y?.y[i]];
    return px === undefined || py === undefined || !Number.isFinite(px) || !Number.isFinite(py)
      ? []
      : [{ step, x: px, y: py }];
  });
  const points = cloud ? all.filter((p, i) => p.x !== all[i - 1]?.x || p.y !== all[i - 1]?.y) : all;
  return { title, points, ...(cloud && { cloud }) };
};

/** The paths of each stage that has them: at least two points. */
export const frontiersOf = (curves: readonly Read[], tripped: readonly TrippedIn[]): readonly Frontier[] =>
  [...new Set(curves.map(({ stage }) => stage))].flatMap((stage) => {
    const own = curves.filter((curve) => curve.stage === stage);
    if (!own.some(({ name }) => name === 'loss')) return []; // it does not learn: its steps lead nowhere
    return KINDS.flatMap(({ title, x, y, sources, wires }): Frontier[] => {
      const paths = sources.map((source) => pathOf(own, source)).filter(({ points }) => points.length > 1);
      if (paths.length === 0) return [];
      const marks = tripped
        .filter((wire) => wire.stage === stage && wires.includes(wire.metric))
        .map((wire) => ({ title: wire.name, step: wire.step }));
      return [{ title, stage, x, y, paths, marks }];
    });
  });

/** The same numbers of several runs in one picture: of each run its first joined path. */
export const frontiersBeside = (
  runs: readonly { readonly method: string; readonly frontiers: readonly Frontier[] }[],
  stage: string,
): readonly Frontier[] =>
  KINDS.flatMap(({ title, x, y }): Frontier[] => {
    const own = runs.flatMap(({ method, frontiers }) => {
      const found = frontiers.find((one) => one.stage === stage && one.title === title);
      const path = found?.paths.find(({ cloud }) => !cloud) ?? found?.paths[0];
      return found && path
        ? [
            {
              path: { title: method, points: path.points },
              marks: found.marks.map((mark) => ({ ...mark, title: `${method}: ${mark.title}` })),
            },
          ]
        : [];
    });
    if (own.length === 0) return [];
    return [{ title, stage, x, y, paths: own.map(({ path }) => path), marks: own.flatMap(({ marks }) => marks) }];
  });
