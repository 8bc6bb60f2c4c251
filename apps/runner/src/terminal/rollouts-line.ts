// Rollouts in one line: the step, the mean reward, the best and the worst answer.
import { bestAndWorst, type Rollouts } from '../rollout-table.js';
import { short } from './format.js';
import { excerpt } from './plain.js';

/** 'rollouts at step 3, held out: mean reward 0.4; best 1: yes, at once; worst 0: no'. */
export const rolloutsLine = (rollouts: Rollouts): string => {
  const { step, at, rows } = rollouts;
  const [best, worst] = bestAndWorst(rollouts);
  const mean = rows.reduce((sum, { reward }) => sum + reward, 0) / rows.length;
  const said = ({ reward, answer }: Rollouts['rows'][number]): string => `${short(reward)}: ${excerpt(answer, 60)}`;
  const range = best.reward > worst.reward ? `; best ${said(best)}; worst ${said(worst)}` : `; ${said(best)}`;
  return `rollouts at step ${step}${at ? `, ${at}` : ''}: mean reward ${short(mean)}${range}`;
};
