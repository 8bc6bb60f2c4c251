// Reads an adapter that PEFT or Ingot wrote: every tensor must be understood, so that nothing of the function is lost in silence.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IngotError } from '@ingot/core';
import { openSafetensors, type SafetensorsFile } from '@ingot/formats';
import type { AdapterLayer, AdapterValue, DesignValue, FamilyValue, TensorInfo } from '@ingot/contracts';
import * as z from 'zod';
import { transposed } from '../write-model-folder.js';
import { moduleOf } from './adapter-plan.js';
import { PARTS, peftLayout, PREFIX, refuseTied, type PeftLayout } from './peft-layout.js';

const off = (what: string) => z.union([z.null(), z.literal(false)], `${what} is not known here`).optional();
/** What we read of adapter_config.json, and what would change the function in ways that we do not have. Defaults are LoraConfig's. */
const peftConfig = z.looseObject({
  peft_type: z.literal('LORA', 'only adapters of the type LORA are known here'),
  r: z.int().positive().default(8),
  lora_alpha: z.number().default(8),
  alpha_pattern: z.record(z.string(), z.number()).nullish(),
  lora_dropout: z.number().min(0).lt(1).default(0),
  use_rslora: z.boolean().default(false),
  use_dora: z.boolean().default(false),
  bias: z.literal('none', 'biases trained beside the adapter are not known here').default('none'),
  init_lora_weights: z
    .union([z.boolean(), z.enum(['gaussian', 'eva', 'orthogonal'])], 'this initialisation changes the base weights too')
    .default(true),
  lora_bias: off('a bias of B'),
  alora_invocation_tokens: off('an adapter that waits for tokens'),
  layer_replication: off('replication of layers'),
  trainable_token_indices: off('training of single tokens'),
  use_qalora: off('QALoRA'),
  use_bdlora: off('BD-LoRA'),
  kasa_config: off('KaSA'),
  arrow_config: off('Arrow'),
  velora_config: off('VeLoRA'),
  monteclora_config: off('MonteCLoRA'),
});

async function read(folder: string, name: string): Promise<Uint8Array> {
  return readFile(join(folder, name)).catch((cause: unknown) => {
    throw new IngotError(
      'bad-input',
      `The adapter folder '${folder}' has no readable ${name}. An adapter folder holds adapter_config.json and adapter_model.safetensors.`,
      { cause },
    );
  });
}

async function readConfig(folder: string): Promise<z.output<typeof peftConfig>> {
  const text = new TextDecoder().decode(await read(folder, 'adapter_config.json'));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new IngotError('bad-input', `adapter_config.json of '${folder}' is not JSON: ${(cause as Error).message}.`, {
      cause,
    });
  }
  const parsed = peftConfig.safeParse(json);
  if (!parsed.success)
    throw new IngotError(
      'bad-input',
      `adapter_config.json of '${folder}' is not an adapter that Ingot can run:\n${z.prettifyError(parsed.error)}`,
    );
  return parsed.data;
}

interface Found {
  /** Our name of the tensor. */
  readonly ours: string;
  readonly module: string;
  readonly part: keyof typeof PARTS | 'saved';
  readonly transpose: boolean;
}

/** Their keys by what they are called without the prefix. */
function keys(layout: PeftLayout): ReadonlyMap<string, Found> {
  const found = new Map<string, Found>();
  for (const [module, { theirs }] of layout.modules)
    for (const part of Object.keys(PARTS) as (keyof typeof PARTS)[])
      found.set(`${theirs}.${PARTS[part]}`, { ours: `${module}.${part}`, module, part, transpose: false });
  for (const [ours, { theirs, transpose }] of layout.parameters)
    found.set(theirs, { ours, module: moduleOf(ours), part: 'saved', transpose });
  return found;
}

/** As PEFT's get_pattern_key: the first pattern that, as a regular expression, matches the end of the name from a dot on. */
function byPattern(patterns: Readonly<Record<string, number>>, name: string): number | undefined {
  return Object.entries(patterns).find(([pattern]) => new RegExp(`^(.*\\.)?(${pattern})$`, 'u').test(name))?.[1];
}

/**
 * The adapter of a folder, for a model of this family and design; the file is read into memory. Ranks are those of the tensors.
 * @throws IngotError `bad-input` for a missing or broken file, a method that is not known here, a tensor that belongs to none of the model's modules;
 * `bad-options` for a saved tied head. Whether shapes fit is checked where the adapter is loaded.
 */
export async function readAdapterFolder(
  folder: string,
  { family, design }: { readonly family: FamilyValue; readonly design: DesignValue },
): Promise<AdapterValue> {
  const config = await readConfig(folder);
  const layout = peftLayout(family, design);
  const known = keys(layout);
  const file = await openSafetensors(await read(folder, 'adapter_model.safetensors'));
  const tensors: Record<string, TensorInfo> = {};
  const places = new Map<string, { readonly key: string; readonly found: Found }>();
  const layers: Record<string, AdapterLayer> = {};
  const saved = new Set<string>();
  for (const [key, { shape }] of file.tensors) {
    const found = known.get(key.startsWith(PREFIX) ? key.slice(PREFIX.length) : key);
    if (!found)
      throw new IngotError(
        'bad-input',
        `adapter_model.safetensors of '${folder}' holds '${key}', which is no part of a linear layer of this model (${family.name}, ${layout.modules.size} modules). Was the adapter made for another model, or by another method?`,
      );
    const { ours, module, part } = found;
    places.set(ours, { key, found });
    tensors[ours] = { shape: found.transpose ? [...shape].reverse() : shape, dtype: 'f32' };
    if (part === 'saved') saved.add(module);
    if (part === 'A') {
      const alpha = byPattern(config.alpha_pattern ?? {}, layout.modules.get(module)!.theirs) ?? config.lora_alpha;
      layers[module] = { rank: shape[0] ?? 0, alpha };
    }
  }
  refuseTied(layout, [...saved]);
  return {
    family: family.name,
    config: {
      layers,
      saved: [...saved],
      rslora: config.use_rslora,
      dora: config.use_dora,
      dropout: config.lora_dropout,
    },
    tensors,
    read: (name) => readTensor(file, folder, places.get(name), name),
  };
}

async function readTensor(
  file: SafetensorsFile,
  folder: string,
  place: { readonly key: string; readonly found: Found } | undefined,
  name: string,
): Promise<Float32Array> {
  if (!place) throw new IngotError('unknown-name', `The adapter in '${folder}' has no tensor '${name}'.`);
  const data = await file.float32(place.key);
  const [rows = 1, columns = 1] = file.entry(place.key).shape;
  return place.found.transpose ? transposed(data, rows, columns) : data;
}
