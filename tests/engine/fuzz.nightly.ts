// Thirty thousand cases, ten thousand of each seed.
import { fuzz } from './fuzz/suite.js';

fuzz(10_000, [2, 3, 4]);
