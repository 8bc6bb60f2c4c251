// nanoGPT's first 50 steps on the device native.
import { findAddon, nativeDevice } from '@ingot/tensor-native';
import { it } from 'vitest';
import { nanogptSuite } from './nanogpt-suite.js';

if (findAddon()) nanogptSuite('native', () => nativeDevice({ threads: 2 }));
else it.skip('the native addon is not built here: install a C++17 compiler', () => undefined);
