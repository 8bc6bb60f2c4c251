// Every way to end, twenty times each.
import { allWays, exits } from './exits.js';

exits(allWays, 20);
