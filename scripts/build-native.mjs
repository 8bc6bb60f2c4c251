// Builds the native addon in a clone, where a C++17 compiler is there; else says in one line what is used instead and what to install.
import { buildAddon } from '../packages/tensor-native/dist/build-addon.js';

const result = await buildAddon();
if (result.state === 'built') console.log(`Native kernels built in ${result.seconds.toFixed(1)} s.`);
if (result.state === 'no-compiler' || result.state === 'failed')
  console.log(`Native kernels: ${result.why}; the next device is used. Install g++ or clang++ for the fast one.`);
