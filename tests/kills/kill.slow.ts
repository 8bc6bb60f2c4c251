// kill -9 at twenty moments of a pretraining, random ones and writes: it always goes on to the same bits and the same log, and its store is whole each time.
import { killPretraining } from './kill-pretraining.js';

killPretraining({ kills: 20, others: 10 }, 1);
