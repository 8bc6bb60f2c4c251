// The samplers that the flags of `ingot sample` ask for.
import { Sampler, type SamplerFunction } from '@ingot/contracts';
import type { Installed } from '@ingot/core';
import * as z from 'zod';

/** What both ways of `ingot sample` take. */
export const samplingOptions = {
  tokens: z.int().positive(),
  temperature: z.number().min(0),
  topP: z.number().gt(0).max(1).optional(),
  topK: z.int().positive().optional(),
  seed: z.int().min(0),
};
export interface SamplingHow {
  readonly temperature: number;
  readonly topP?: number | undefined;
  readonly topK?: number | undefined;
}

/** Greedy at temperature 0, else temperature, then top-k, then top-p. */
export const samplersOf = async (
  installed: Installed,
  { temperature, topK, topP }: SamplingHow,
): Promise<readonly SamplerFunction[]> =>
  temperature === 0
    ? [await installed.make(Sampler, 'greedy')]
    : [
        await installed.make(Sampler, 'temperature', { value: temperature }),
        ...(topK === undefined ? [] : [await installed.make(Sampler, 'top-k', { k: topK })]),
        ...(topP === undefined ? [] : [await installed.make(Sampler, 'top-p', { p: topP })]),
      ];
