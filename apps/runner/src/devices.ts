// The devices that the installed plugins offer, whether each can run here, and which one would be taken.
import { surveyDevices, wantedDevice, type DeviceCandidateValue, type DeviceReport } from '@ingot/contracts';
import type { Plugin } from '@ingot/core';

/** One device candidate as `doctor` tells it. */
export interface DeviceRow extends DeviceReport {
  readonly chosen: boolean;
}

/** All candidates, most wanted first. `INGOT_DEVICE` wins over preference. Candidates need no options and no services to be asked. */
export const listDevices = async (
  plugins: readonly Plugin[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<DeviceRow[]> => {
  const parts = plugins.flatMap((plugin) => plugin.parts ?? []).filter((part) => part.role.endsWith('device'));
  const asked = await surveyDevices(
    parts.map((part) => part.make(part.options.parse({}) as never, {} as never) as DeviceCandidateValue),
  );
  const wanted = wantedDevice(undefined, env);
  const chosen = asked.find((device) => device.refusal === undefined && (wanted === 'auto' || device.name === wanted));
  return asked.map((device) => ({ ...device, chosen: device === chosen }));
};
