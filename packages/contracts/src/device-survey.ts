// Which devices are installed, which of them can run here, and which one is taken.
import { IngotError, suggest } from '@ingot/core';
import type { Device } from '@ingot/tensor';
import type { DeviceCandidateValue } from './parts.js';

/** One installed device: `refusal` says why it cannot run here, undefined when it can. */
export interface DeviceReport {
  readonly name: string;
  readonly preference: number;
  readonly refusal: string | undefined;
}
/** An opened device; `note` is one line when a better one was refused. */
export interface OpenedDevice {
  readonly device: Device;
  readonly note: string | undefined;
}

const oneLine = (text: string): string => text.split('\n')[0] ?? '';
const reason = (error: unknown): string => oneLine(error instanceof Error ? error.message : String(error));
const refusalOf = async (candidate: DeviceCandidateValue): Promise<string | undefined> => {
  try {
    return await candidate.refusal();
  } catch (error) {
    return `it failed when it was asked: ${reason(error)}`;
  }
};
const byPreference = (candidates: readonly DeviceCandidateValue[]): DeviceCandidateValue[] =>
  candidates.toSorted((a, b) => b.preference - a.preference || (a.name < b.name ? -1 : 1));

/** Asks every candidate, best first; opens none. What `ingot doctor` shows. */
export const surveyDevices = (candidates: readonly DeviceCandidateValue[]): Promise<readonly DeviceReport[]> =>
  Promise.all(
    byPreference(candidates).map(async (candidate) => ({
      name: candidate.name,
      preference: candidate.preference,
      refusal: await refusalOf(candidate),
    })),
  );

const openNamed = async (
  candidates: readonly DeviceCandidateValue[],
  name: string,
  options: { readonly threads?: number },
): Promise<OpenedDevice> => {
  const candidate = candidates.find((other) => other.name === name);
  if (!candidate) {
    throw new IngotError(
      'unknown-name',
      `Device '${name}' (of INGOT_DEVICE, or the code that asked for it) is not installed.${suggest(name, ['auto', ...candidates.map((other) => other.name)])}`,
    );
  }
  const refusal = await refusalOf(candidate);
  if (refusal !== undefined)
    throw new IngotError(
      'missing-service',
      `Device '${name}' cannot run here: ${refusal.replace(/[.;]?$/, '.')} Choose another with INGOT_DEVICE, or 'auto'.`,
    );
  return { device: await candidate.open(options), note: undefined };
};

const openBest = async (
  candidates: readonly DeviceCandidateValue[],
  options: { readonly threads?: number },
): Promise<OpenedDevice> => {
  const refused: string[] = [];
  for (const candidate of byPreference(candidates)) {
    const refusal = await refusalOf(candidate);
    if (refusal === undefined) {
      try {
        const device = await candidate.open(options);
        return {
          device,
          note: refused.length
            ? `Device '${candidate.name}' is used; better ones cannot run here: ${refused.join('; ')}`
            : undefined,
        };
      } catch (error) {
        refused.push(`'${candidate.name}' did not open: ${reason(error)}`);
      }
    } else refused.push(`'${candidate.name}': ${refusal}`);
  }
  throw new IngotError(
    'missing-service',
    `No device can run here.${refused.map((line) => `\n  ${line}`).join('') || ' None is installed.'}\nInstall a device package, such as @ingot/tensor-tfjs.`,
  );
};

/**
 * The candidate of that name, or with 'auto' the one of highest preference that can run.
 * Throws `unknown-name` with near misses, `missing-service` with every refusal when none can run or the named one cannot.
 */
export const openDevice = (
  candidates: readonly DeviceCandidateValue[],
  name: string,
  options: { readonly threads?: number } = {},
): Promise<OpenedDevice> => (name === 'auto' ? openBest(candidates, options) : openNamed(candidates, name, options));
