// kill -9 at eight moments of two alignments.
import { killAlignment } from './kill-alignment.js';

killAlignment(8, 1);
