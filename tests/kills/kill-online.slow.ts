// kill -9 at eight moments of online runs: in the reward model that PPO trains, in rollouts, and between the updates of one round.
import { killAlignment } from './kill-alignment.js';

killAlignment(8, 3, ['ppo', 'grpo']);
