// Rows of logits and rollouts, on small models.
import { cases, rolloutBits, rowBits } from './rows.js';

rowBits(cases);
rolloutBits();
