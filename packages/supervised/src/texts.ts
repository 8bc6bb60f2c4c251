// Sentences that a run says about itself.
import type { Scale } from './scale.js';

/** '540 GB', '12.5 MB'. */
export const bytes = (count: number): string =>
  count >= 1e9 ? `${(count / 1e9).toPrecision(3)} GB` : megabytes(count);

const megabytes = (count: number): string => `${(count / 1e6).toFixed(1)} MB`;

/** What is about to happen. */
export function openingLine(
  parameters: number,
  { steps, rows, length, tokensPerStep }: Scale,
  trainTokens: number,
): string {
  const total = steps * tokensPerStep;
  return `Pretraining ${parameters.toLocaleString('en')} parameters for ${steps.toLocaleString('en')} steps of ${rows} rows of ${length} tokens: ${total.toLocaleString('en')} tokens, ${(total / trainTokens).toFixed(2)} epochs.`;
}

/** Peak memory, as predicted and as measured. */
export function memoryLine(
  predicted: number,
  { devicePeak, resident }: { readonly devicePeak: number; readonly resident: number },
): string {
  return `Peak memory: predicted ${megabytes(predicted)}, measured ${megabytes(devicePeak)} on the device; the process holds ${megabytes(resident)}.`;
}

/** Where a replay begins; `from` counts the steps that its checkpoint has done, 0 for none. */
export const replayLine = (step: number, from: number): string =>
  from === 0 ? `Replays step ${step} from the beginning.` : `Replays step ${step} from the checkpoint of step ${from}.`;
