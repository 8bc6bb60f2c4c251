// Twenty training steps with one, two, three and five threads.
import { threadBits } from './threads.js';

threadBits(20, [2, 3, 5]);
