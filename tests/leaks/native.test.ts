// A thousand steps on the device native.
import { findAddon, nativeDevice } from '@ingot/tensor-native';
import { it } from 'vitest';
import { leakSuite } from './leak-suite.js';

if (findAddon()) leakSuite('native', () => nativeDevice({ threads: 2 }), { steps: 1000 });
else it.skip('the native addon is not built here: install a C++17 compiler', () => undefined);
