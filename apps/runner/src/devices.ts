// The devices that the installed plugins offer, whether each can run here, and which one would be taken.
import type { DeviceCandidateValue } from '@ingot/contracts';
import type { Plugin } from '@ingot/core';

/** One device candidate as `doctor` tells it. */
export interface DeviceRow {
  readonly name: string;
  readonly preference: number;
  /** Why it cannot run here. */
  readonly refusal?: string;
  readonly chosen: boolean;
}

/** All candidates, most wanted first. `INGOT_DEVICE` wins over preference. Candidates need no options and no services to be asked. */
export const listDevices = async (plugins: readonly Plugin[], env: Readonly<Record<string, string | undefined>>): Promise<DeviceRow[]> => {
  const candidates = plugins.flatMap((plugin) => plugin.parts ?? []).filter((part) => part.role.endsWith('device')).map((part) => part.make(part.options.parse({}) as never, {} as never) as DeviceCandidateValue);
  const asked = await Promise.all(candidates.map(async (candidate) => {
    const refusal = await candidate.refusal();
    return { name: candidate.name, preference: candidate.preference, ...(refusal === undefined ? {} : { refusal }) };
  }));
  asked.sort((a, b) => b.preference - a.preference);
  const wanted = env['INGOT_DEVICE'] ?? 'auto';
  const chosen = asked.find((device) => device.refusal === undefined && (wanted === 'auto' || device.name === wanted));
  return asked.map((device) => ({ ...device, chosen: device === chosen }));
};
