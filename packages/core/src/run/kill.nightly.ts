// A hundred kills at random moments: nothing is half-written, and every resumed run ends in the same bytes.
import { test } from 'vitest';
import { killAndResume } from '../fixtures/kills.js';

test('a hundred kills', () => killAndResume(100));
