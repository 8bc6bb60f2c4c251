// Twenty kills of a run and ten where its stage has a process of its own, at random moments and at writes: nothing is half-written, and every resumed run ends in the same bytes.
import { killTraining } from '../fixtures/kill-training.js';

killTraining({ kills: 20, apart: 10 }, 1);
