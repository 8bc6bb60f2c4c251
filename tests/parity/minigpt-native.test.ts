// Goldens 7.10 on the device native.
import { it } from 'vitest';
import { findAddon, nativeDevice } from '@ingot/tensor-native';
import { minigptSuite } from './minigpt-suite.js';

if (findAddon()) minigptSuite('native', () => nativeDevice({ threads: 2 }));
else it.skip('the native addon is not built here: install a C++17 compiler', () => undefined);
