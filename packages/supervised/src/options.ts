// What pretraining can be asked for: options change the model, the view does not.
import * as z from 'zod';
import { one } from '@ingot/core';
import { Optimiser, Schedule } from '@ingot/contracts';

/** Options of `pretrain`: all of them are in the key. */
export const pretrainOptions = z.strictObject({
  steps: z.int().positive().optional().describe('optimiser steps; 1000 when neither steps nor tokens is given'),
  tokens: z.int().positive().optional().describe('instead of steps: tokens to train on, rounded up to whole steps'),
  batch: z.int().positive().default(16).describe('rows of one micro-batch, B'),
  accumulation: z
    .int()
    .positive()
    .default(1)
    .describe('micro-batches of one step; a step sees batch · accumulation rows'),
  length: z.int().positive().optional().describe("tokens of a row, T; the design's context when left out"),
  order: z
    .enum(['shuffled', 'random'])
    .default('shuffled')
    .describe("'shuffled' sees each window once an epoch; 'random' begins rows anywhere, as nanoGPT"),
  optimiser: one(Optimiser).prefault({ use: 'adamw' }).describe('and its learning rate'),
  schedule: one(Schedule).prefault({ use: 'cosine' }).describe('multiplies the learning rate'),
  clip: z.number().positive().nullable().default(1).describe('limit of the global gradient norm; null for none'),
  dropout: z.boolean().default(true).describe("drop at the design's rate"),
  keep: z.enum(['last', 'best']).default('last').describe("'best' gives the weights with the lowest validation loss"),
  evalEvery: z
    .int()
    .positive()
    .default(100)
    .describe('steps between evaluations of the validation split; the last step is always evaluated'),
  evalWindows: z.int().positive().default(64).describe('validation windows read each time, evenly spread'),
});

/** View of `pretrain`: logging, samples, checkpoints, guards. Never in the key. */
export const pretrainView = z.strictObject({
  logEvery: z.int().positive().default(1).describe('steps between metric events'),
  sampleEvery: z.int().positive().optional().describe('steps between samples; the last step always samples'),
  prompts: z
    .array(z.string())
    .default([''])
    .describe('what samples go on from; an empty prompt starts at the beginning of a text'),
  sampleTokens: z.int().positive().default(64).describe('tokens of a sample'),
  sampleTemperature: z.number().min(0).default(0.8).describe('0 takes the likeliest token'),
  checkpointEvery: z
    .int()
    .positive()
    .default(100)
    .describe('steps between checkpoints; a cancelled run saves one more'),
  anomaly: z
    .boolean()
    .default(false)
    .describe('look at every op of every step for the first NaN; slow. A step that fails is looked at in any case'),
  spikeFactor: z.number().gt(1).default(2).describe('stop when the loss stays over this many times its running mean'),
  spikePatience: z.int().positive().default(10).describe('for this many steps in a row'),
});
/** Parsed options. */
export type PretrainOptions = z.output<typeof pretrainOptions>;
/** Parsed view. */
export type PretrainView = z.output<typeof pretrainView>;
