// Every way to end, three times each.
import { allWays, exits } from './exits.js';

exits(allWays, 3);
