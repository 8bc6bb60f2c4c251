// `ingot doctor --build`: our C++ kernels built with this machine's compiler, for a platform without a prebuilt package.
import type { Plugin } from '@ingot/core';
import { buildAddon, findAddon, type BuildResult } from '@ingot/tensor-native';
import { listDevices } from '../devices.js';

const told = (result: BuildResult): string => {
  if ('path' in result)
    return result.state === 'built'
      ? `Native kernels built in ${result.seconds.toFixed(1)} s with ${result.compiler}: ${result.path}`
      : `Native kernels are built already, from these sources: ${result.path}`;
  const there = findAddon();
  const then = there ? `Those that are here already are used: ${there}.` : "Until then the device 'wasm' is used.";
  const mend =
    result.state === 'no-compiler' ? ' Install g++ or clang++ (Debian: apt-get install g++), then again.' : '';
  return `Native kernels not built: ${result.why}.${mend} ${then}`;
};

/** Builds where it must; `works` is whether the device `native` then runs here, `line` says what happened. */
export const buildHere = async (
  plugins: readonly Plugin[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<BuildResult & { readonly works: boolean; readonly line: string }> => {
  const refusal = async () => (await listDevices(plugins, env)).find((row) => row.name === 'native')?.refusal;
  let result = await buildAddon();
  if (result.state === 'current' && (await refusal()) !== undefined) result = await buildAddon({ anew: true }); // a damaged file
  const trouble = 'path' in result ? await refusal() : undefined;
  return {
    ...result,
    works: 'path' in result && trouble === undefined,
    line: trouble === undefined ? told(result) : `${told(result)}; but ${trouble}`,
  };
};
