// Three hundred cases, always the same ones.
import { fuzz } from './fuzz/suite.js';

fuzz(300, [1]);
