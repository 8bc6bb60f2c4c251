// Fifty workers ended in the middle of a step.
import { terminatedWorkers } from './terminated-workers.js';

terminatedWorkers(50);
