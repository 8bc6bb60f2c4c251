// A hundred kills of each sort, at random moments and at writes: nothing is half-written, and every resumed run ends in the same bytes. What it said is in docs/nightly.md.
import { killTraining } from '../fixtures/kill-training.js';

killTraining({ kills: 100, apart: 100 }, 2);
