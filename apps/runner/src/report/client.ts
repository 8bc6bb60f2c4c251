// The script inside the report: draws the charts with uPlot. It is written here as a function and put into the page as its text, so it may use nothing from outside itself.
import type uPlot from 'uplot';

/** What the page hands to its script. */
export interface ClientData {
  readonly charts: readonly {
    readonly title: string;
    readonly unit: string;
    readonly curves: readonly {
      readonly title: string;
      readonly x: readonly number[];
      readonly y: readonly number[];
    }[];
    readonly lines: readonly { readonly title: string; readonly value: number }[];
    readonly marks: readonly { readonly title: string; readonly x: number }[];
  }[];
}

/** Draws every chart of the page, again when the colour scheme changes or a chart's scale is switched. */
export function drawReport(Plot: typeof uPlot, data: ClientData): void {
  const root = document.documentElement;
  const colour = (name: string) => getComputedStyle(root).getPropertyValue(name).trim();
  const dashes = [[], [8, 4], [2, 3], [10, 3, 2, 3], [4, 4], [14, 4]];
  const logarithmic = new Set<number>();
  let plots: uPlot[] = [];
  const value = (v: number | null, unit = '') =>
    unit === 'bytes' && v !== null && v !== undefined
      ? `${Number((v / 1e6).toPrecision(3))} MB`
      : v === null || v === undefined
        ? '–'
        : Math.abs(v) >= 1e5 || (v !== 0 && Math.abs(v) < 1e-3)
          ? v.toExponential(2)
          : String(Number(v.toPrecision(5)));

  /** A line from top to bottom where a tripwire spoke, with its name. */
  const mark = ({ ctx, bbox, valToPos }: uPlot, marks: ClientData['charts'][number]['marks']) => {
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = colour('--bad');
    ctx.lineWidth = devicePixelRatio;
    ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
    for (const [i, { title, x }] of marks.entries()) {
      const at = valToPos(x, 'x', true);
      const leftHalf = at < bbox.left + bbox.width / 2;
      ctx.textAlign = leftHalf ? 'left' : 'right';
      ctx.beginPath();
      ctx.moveTo(at, bbox.top);
      ctx.lineTo(at, bbox.top + bbox.height);
      ctx.stroke();
      ctx.fillText(title, at + (leftHalf ? 4 : -4) * devicePixelRatio, bbox.top + (12 + 13 * i) * devicePixelRatio);
    }
    ctx.restore();
  };

  const draw = () => {
    for (const plot of plots) plot.destroy();
    plots = data.charts.flatMap((chart, index) => {
      const place = document.getElementById(`plot-${index}`);
      if (!place) return [];
      const steps = [...new Set(chart.curves.flatMap((curve) => curve.x))].toSorted((a, b) => a - b);
      const columns = chart.curves.map((curve) => {
        const at = new Map(curve.x.map((x, i) => [x, curve.y[i] ?? null]));
        return steps.map((step) => at.get(step) ?? null);
      });
      const axis = {
        stroke: colour('--soft'),
        grid: { stroke: colour('--grid'), width: 1 },
        ticks: { stroke: colour('--grid'), width: 1 },
        font: '12px system-ui, sans-serif',
      };
      const options: uPlot.Options = {
        width: place.clientWidth,
        height: place.dataset['wide'] === undefined ? 230 : 320,
        hooks: {
          ready: [(plot) => requestAnimationFrame(() => plot.setLegend({ idx: steps.length - 1 }))],
          draw: [(plot) => mark(plot, chart.marks)],
        },
        cursor: { sync: { key: 'steps', setSeries: false }, points: { size: 6 } },
        scales: { x: { time: false }, y: logarithmic.has(index) ? { distr: 3 } : {} },
        axes: [
          { ...axis },
          {
            ...axis,
            size: 62,
            values: (_plot, ticks) => ticks.map((tick) => (tick === null ? '' : value(tick, chart.unit))),
          },
        ],
        series: [
          { label: 'step' },
          ...chart.curves.map((curve, i) => ({
            label: curve.title,
            stroke: colour(`--series-${i % 6}`),
            width: curve.x.length > 500 ? 1 : 2,
            spanGaps: true,
            dash: dashes[i % 6] ?? [],
            points: { show: curve.x.length < 40, size: 5 },
            value: (_plot: uPlot, v: number | null) => value(v, chart.unit),
          })),
          ...chart.lines.map((line, i) => ({
            label: line.title,
            stroke: colour(`--series-${(chart.curves.length + i) % 6}`),
            width: 1.5,
            dash: dashes[(chart.curves.length + i) % 6] ?? [],
            points: { show: false },
            value: () => value(line.value, chart.unit),
          })),
        ],
      };
      place.replaceChildren();
      const plot = new Plot(
        options,
        [steps, ...columns, ...chart.lines.map((line) => steps.map(() => line.value))] as uPlot.AlignedData,
        place,
      );
      return [plot];
    });
    root.dataset['charts'] = String(plots.length);
  };

  document.querySelectorAll<HTMLButtonElement>('button[data-log]').forEach((button) => {
    button.addEventListener('click', () => {
      const index = Number(button.dataset['log']);
      if (!logarithmic.delete(index)) logarithmic.add(index);
      button.setAttribute('aria-pressed', String(logarithmic.has(index)));
      draw();
    });
  });
  const theme = document.getElementById('theme');
  const system = matchMedia('(prefers-color-scheme: dark)');
  theme?.addEventListener('click', () => {
    const dark = root.dataset['theme'] === undefined ? system.matches : root.dataset['theme'] === 'dark';
    root.dataset['theme'] = dark ? 'light' : 'dark';
    draw();
  });
  system.addEventListener('change', draw);
  let width = innerWidth;
  addEventListener('resize', () => {
    if (innerWidth === width) return;
    width = innerWidth;
    draw();
  });
  draw();
}
