// Rows of logits of a longer sequence.
import { longCases, rowBits } from './rows.js';

rowBits(longCases);
