// The results of arithmetic.mjs as tables of Markdown.
import { markdown } from './tables.mjs';

const percent = (share) => `${(100 * share).toFixed(1)}%`;
const NAMES = {
  sft: 'SFT, before',
  practised: 'GRPO',
  repeated: 'SFT on its own examples again, as many samples',
  once: 'SFT on the answers to the prompts, each once',
  solved: 'SFT on the answers to the prompts, as many samples',
};

/** Exact matches of each model on the questions, seed by seed. */
export const showShares = ({ seeds }) =>
  markdown([
    ['model', 'seed', 'exact, greedy', '95% interval', 'exact, drawn', 'of the form, greedy', '… drawn', 'processor s'],
    ...Object.entries(NAMES).flatMap(([name, shown]) =>
      seeds.map(({ seed, models, seconds }) => {
        const { greedy, drawn } = models[name];
        const { low, high } = greedy.exact.interval;
        return [
          shown,
          seed,
          percent(greedy.exact.share),
          `${percent(low)} to ${percent(high)}`,
          percent(drawn.exact.share),
          percent(greedy.form.share),
          percent(drawn.form.share),
          seconds[name]?.toFixed(0) ?? '',
        ];
      }),
    ),
  ]);

const BAR = 40;
/** Exact matches on held-out prompts by step, drawn at temperature 1; the bar is their mean over the seeds. */
export const showCurve = ({ seeds }) => {
  const steps = seeds[0].curve.map(([step]) => step);
  const at = ({ curve }, step) => curve.find(([one]) => one === step)?.[1] ?? NaN;
  return markdown([
    ['step', ...seeds.map(({ seed }) => `seed ${seed}`), 'mean'],
    ...steps.map((step) => {
      const shares = seeds.map((one) => at(one, step));
      const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
      return [step, ...shares.map(percent), `\`${'█'.repeat(Math.round(mean * BAR)).padEnd(BAR, '·')}\``];
    }),
  ]);
};
