// The devices that the installed plugins offer, whether each can run here, and which one would be taken.
import {
  surveyDevices,
  wantedDevice,
  wantedThreads,
  type DeviceCandidateValue,
  type DeviceReport,
} from '@ingot/contracts';
import type { Plugin } from '@ingot/core';

/** One device candidate as `doctor` tells it. */
export interface DeviceRow extends DeviceReport {
  readonly chosen: boolean;
}

const candidatesOf = (plugins: readonly Plugin[]): DeviceCandidateValue[] =>
  plugins
    .flatMap((plugin) => plugin.parts ?? [])
    .filter((part) => part.role.endsWith('device'))
    .map((part) => part.make(part.options.parse({}) as never, {} as never) as DeviceCandidateValue);

/** Opens the named device and says what it is, such as 'native, avx512, 2 threads', or why it does not open. */
export const aboutDevice = async (
  plugins: readonly Plugin[],
  name: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> => {
  const threads = wantedThreads(undefined, env);
  try {
    const candidate = candidatesOf(plugins).find((one) => one.name === name);
    const device = await candidate?.open(threads === undefined ? {} : { threads });
    device?.dispose();
    return device?.about ?? 'it is not installed';
  } catch (error) {
    return `it did not open: ${error instanceof Error ? error.message : String(error)}`;
  }
};

/** All candidates, most wanted first. `INGOT_DEVICE` wins over preference. Candidates need no options and no services to be asked. */
export const listDevices = async (
  plugins: readonly Plugin[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<DeviceRow[]> => {
  const asked = await surveyDevices(candidatesOf(plugins));
  const wanted = wantedDevice(undefined, env);
  const chosen = asked.find((device) => device.refusal === undefined && (wanted === 'auto' || device.name === wanted));
  return asked.map((device) => ({ ...device, chosen: device === chosen }));
};
