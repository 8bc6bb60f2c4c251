// kill -9 at sixty moments of two alignments, run by hand: what it said is written in docs/nightly.md.
import { killAlignment } from './kill-alignment.js';

killAlignment(60, 2);
