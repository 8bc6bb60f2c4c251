// Fifty thousand steps on our own devices.
import { findAddon, nativeDevice, wasmDevice } from '@ingot/tensor-native';
import { it } from 'vitest';
import { leakSuite } from './leak-suite.js';

leakSuite('wasm', () => wasmDevice({ threads: 2 }), { steps: 50_000, allowed: 80e6 });
if (findAddon()) leakSuite('native', () => nativeDevice({ threads: 2 }), { steps: 50_000, allowed: 80e6 });
else it.skip('the native addon is not built here: install a C++17 compiler', () => undefined);
