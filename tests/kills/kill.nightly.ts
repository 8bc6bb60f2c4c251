// kill -9 at a hundred moments of a pretraining, run by hand: what it said is written in docs/nightly.md.
import { killPretraining } from './kill-pretraining.js';

killPretraining({ kills: 100, others: 100 }, 2);
