// Twenty kills at random moments, writing included: nothing is half-written, and every resumed run ends in the same bytes.
import { test } from 'vitest';
import { killAndResume } from '../fixtures/kills.js';

test('twenty kills', () => killAndResume(20));
