// Builds the native addon in a clone, where a C++17 compiler is there; else says in one line what is used instead and what to install.
import { buildAddon } from '../packages/tensor-native/dist/build-addon.js';
import { findAddon } from '../packages/tensor-native/dist/load-addon.js';

const result = await buildAddon();
if (result.state === 'built') console.log(`Native kernels built in ${result.seconds.toFixed(1)} s.`);
if (result.state === 'no-compiler' || result.state === 'failed') {
  const found = findAddon();
  console.log(
    found
      ? `Native kernels: ${result.why}; the ones that are here already are used (${found}).`
      : `Native kernels: ${result.why}; the device 'wasm' is used. For the fast one install g++ or clang++ (Debian: apt-get install g++) and run this again.`,
  );
}
