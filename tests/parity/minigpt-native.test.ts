// Goldens 7.10 on the device native, on every instruction set that this machine runs.
import { it } from 'vitest';
import { findAddon, instructionSets, nativeDevice } from '@ingot/tensor-native';
import { minigptSuite } from './minigpt-suite.js';

if (findAddon())
  for (const set of instructionSets()) minigptSuite(`native, ${set}`, () => nativeDevice({ threads: 2, set }));
else it.skip('the native addon is not built here: install a C++17 compiler', () => undefined);
