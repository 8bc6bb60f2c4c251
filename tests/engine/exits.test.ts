// The three ways to end in the middle of a step, once each.
import { exits } from './exits.js';

exits(['exit', 'exception', 'signal'], 1);
