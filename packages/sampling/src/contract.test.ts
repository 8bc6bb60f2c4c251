// Every sampler of the package keeps the contract of samplers.
import { samplerSuite } from '@ingot/testing';
import { greedy } from './greedy.js';
import { temperature } from './temperature.js';
import { topK } from './top-k.js';
import { topP } from './top-p.js';

samplerSuite('greedy', { make: () => greedy });
for (const value of [0, 0.7, 1, 2])
  samplerSuite(`temperature ${value}`, { make: () => (logits) => temperature(logits, value) });
for (const k of [1, 7, 50, 1000]) samplerSuite(`top-k ${k}`, { make: () => (logits) => topK(logits, k) });
for (const p of [0, 0.1, 0.9, 1]) samplerSuite(`top-p ${p}`, { make: () => (logits) => topP(logits, p) });
