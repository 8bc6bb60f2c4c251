// What of a model learns, as options that every training stage spreads into its own: everything, some parameters, or an adapter.
import * as z from 'zod';

const pattern = z.string().min(1);

/** LoRA (Hu et al. 2021) and its variants: rsLoRA (Kalajdzievski 2023), DoRA (Liu et al. 2024). Defaults are PEFT's. */
export const adapterOptions = z.strictObject({
  rank: z.int().positive().default(8).describe('columns of B and rows of A'),
  alpha: z.number().positive().exactOptional().describe('the update is scaled by alpha / rank; the rank unless said'),
  dropout: z.number().min(0).lt(1).default(0).describe('share of what A reads that is dropped in training'),
  targets: z
    .array(pattern)
    .min(1)
    .exactOptional()
    .describe("patterns of linear layers, such as '*.attention.qkv'; all of the blocks unless said"),
  rslora: z.boolean().default(false).describe('scale by alpha / √rank'),
  dora: z.boolean().default(false).describe('learn the magnitude of every output row beside its direction'),
  rankPattern: z.record(pattern, z.int().positive()).default({}).describe('another rank for layers of a pattern'),
  alphaPattern: z.record(pattern, z.number().positive()).default({}).describe('another alpha for layers of a pattern'),
  modulesToSave: z
    .array(pattern)
    .default([])
    .describe("patterns of modules that learn whole beside the adapter, such as 'norm'"),
});
export type AdapterOptions = z.output<typeof adapterOptions>;

/** A shape to spread: `z.strictObject({ ...trainableOptions, … })`. With none of them the whole model learns. */
export const trainableOptions = {
  adapter: adapterOptions.exactOptional().describe('learn a low-rank adapter; the model itself stays as it is'),
  freeze: z
    .array(pattern)
    .min(1)
    .exactOptional()
    .describe("patterns of parameters that stay, such as 'wte.*' or 'blocks.0.*'"),
  only: z.array(pattern).min(1).exactOptional().describe('patterns of the parameters that learn; all others stay'),
};
export const trainableSchema = z.object(trainableOptions);
/** What `openPolicy` takes; the parsed options of a stage fit. */
export type TrainableOptions = z.input<typeof trainableSchema>;
