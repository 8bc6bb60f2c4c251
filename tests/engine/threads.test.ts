// Some training steps with one, two and five threads.
import { threadBits } from './threads.js';

threadBits(5, [2, 5]);
