// The plugin that binds the service `Device` from the installed candidates.
import { Installed, IngotError, definePlugin, type Injected, type Json } from '@ingot/core';
import { referenceDevice } from '@ingot/tensor';
import * as z from 'zod';
import { openDevice, type OpenedDevice } from './device-survey.js';
import { DeviceCandidate, type DeviceCandidateValue } from './parts.js';
import { Device } from './tokens.js';

/** The device of plain TypeScript that is always there: the last resort, and what others are compared with. */
export const referenceCandidate = DeviceCandidate.part({
  name: 'reference',
  version: 1,
  options: z.strictObject({}),
  make: () => ({
    name: 'reference',
    preference: 0,
    refusal: async () => undefined,
    open: async () => referenceDevice(),
  }),
});

/** All installed candidates, made with their defaults. */
export const installedCandidates = (installed: Installed): Promise<readonly DeviceCandidateValue[]> =>
  Promise.all(installed.names(DeviceCandidate).map((name) => installed.make(DeviceCandidate, name)));

/** What was asked for: the argument when it names a device, else INGOT_DEVICE, else 'auto'. */
export const wantedDevice = (
  name: string | undefined,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string => (name !== undefined && name !== 'auto' ? name : environment['INGOT_DEVICE'] || 'auto');

/** Threads asked for: the argument, else INGOT_THREADS, else undefined: the device decides. Throws `bad-options` unless it is a whole number from 1. */
export const wantedThreads = (
  threads: number | undefined,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): number | undefined => {
  const given = threads ?? (environment['INGOT_THREADS'] ? Number(environment['INGOT_THREADS']) : undefined);
  if (given !== undefined && !(Number.isInteger(given) && given >= 1)) {
    throw new IngotError(
      'bad-options',
      `Threads must be a whole number from 1, got '${threads ?? environment['INGOT_THREADS']}'. Correct INGOT_THREADS or the argument of device().`,
    );
  }
  return given;
};

const notes = new WeakMap<object, string>();
/** The one line that says which better devices were refused when this one was bound; undefined when it is the best. */
export const deviceNote = (device: object): string | undefined => notes.get(device);

const remember = ({ device, note }: OpenedDevice): OpenedDevice['device'] => {
  if (note !== undefined) notes.set(device, note);
  return device;
};

/** Binds `Device`: `device()` and `device('auto')` read INGOT_DEVICE; threads come from the argument or INGOT_THREADS. It prints nothing; `deviceNote` tells. */
export const device = (name?: string, how: { readonly threads?: number } = {}) =>
  definePlugin({
    name: '@ingot/contracts',
    module: {
      specifier: '@ingot/contracts',
      export: 'device',
      arguments: [name ?? 'auto', { ...how }] satisfies Json[],
    },
    parts: [referenceCandidate],
    services: (bind) =>
      bind.factory(
        Device,
        { installed: Installed },
        async ({ installed }: Injected<{ installed: typeof Installed }>) => {
          const threads = wantedThreads(how.threads);
          return remember(
            await openDevice(
              await installedCandidates(installed),
              wantedDevice(name),
              threads === undefined ? {} : { threads },
            ),
          );
        },
        {
          fingerprint: (opened) => opened.precision,
          about: (opened) => opened.about,
          dispose: (opened) => opened.dispose(),
        },
      ),
  });
