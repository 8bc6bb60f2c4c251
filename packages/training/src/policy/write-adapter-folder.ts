// Writes an adapter as PEFT reads it: adapter_model.safetensors, then adapter_config.json.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { IngotError } from '@ingot/core';
import { streamSafetensors, type TensorToWrite } from '@ingot/formats';
import type { AdapterValue, DesignValue, FamilyValue } from '@ingot/contracts';
import { transposed, writeWhole } from '../write-model-folder.js';
import { peftLayout, PARTS, PREFIX, refuseTied, type PeftLayout, type PeftPlace } from './peft-layout.js';

/** The model that an adapter belongs to. */
export interface AdapterFolderModel {
  readonly family: FamilyValue;
  readonly design: DesignValue;
  /** Where the model is found, for `base_model_name_or_path`. */
  readonly base?: string;
}

/** The most frequent of some numbers: what stands beside the patterns. */
function usual(numbers: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const n of numbers) counts.set(n, (counts.get(n) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 8;
}

function placed<Name extends string>(places: ReadonlyMap<Name, PeftPlace>, name: Name): PeftPlace {
  const found = places.get(name);
  if (!found)
    throw new IngotError(
      'bad-value',
      `The adapter changes '${name}', which has no name in the family's Hugging Face layout. Was it made for another model?`,
    );
  return found;
}

/** adapter_config.json: full module names, so that PEFT adapts exactly these. */
function peftConfig({ config }: AdapterValue, layout: PeftLayout, base: string | undefined) {
  const layers = Object.entries(config.layers).map(([name, numbers]) => ({
    ...numbers,
    ...placed(layout.modules, name),
  }));
  const rank = usual(layers.map((layer) => layer.rank));
  const alpha = usual(layers.map((layer) => layer.alpha));
  const pattern = (what: 'rank' | 'alpha', other: number) =>
    Object.fromEntries(layers.filter((layer) => layer[what] !== other).map((layer) => [layer.theirs, layer[what]]));
  return {
    alpha_pattern: pattern('alpha', alpha),
    base_model_name_or_path: base ?? null,
    bias: 'none',
    fan_in_fan_out: layers.some(({ transpose }) => transpose),
    inference_mode: true,
    init_lora_weights: true,
    lora_alpha: alpha,
    lora_dropout: config.dropout,
    modules_to_save: config.saved.length > 0 ? config.saved.map((name) => placed(layout.modules, name).theirs) : null,
    peft_type: 'LORA',
    r: rank,
    rank_pattern: pattern('rank', rank),
    target_modules: layers.map(({ theirs }) => theirs),
    task_type: 'CAUSAL_LM',
    use_dora: config.dora,
    use_rslora: config.rslora,
  };
}

/** Our tensor's name -> their key, and whether it is turned. */
function keyOf(name: string, { config }: AdapterValue, layout: PeftLayout): PeftPlace {
  const dot = name.lastIndexOf('.');
  const layer = name.slice(0, dot);
  if (!(layer in config.layers)) {
    const { theirs, transpose } = placed(layout.parameters, name);
    return { theirs: PREFIX + theirs, transpose };
  }
  const part = PARTS[name.slice(dot + 1) as keyof typeof PARTS];
  return { theirs: `${PREFIX}${placed(layout.modules, layer).theirs}.${part}`, transpose: false };
}

/**
 * Writes the folder; the config comes last, so its presence means that the folder is whole.
 * @throws IngotError `bad-options` when the family has no Hugging Face layout or the adapter saved a tied head, `bad-value` when it is another model's.
 */
export async function writeAdapterFolder(
  folder: string,
  adapter: AdapterValue,
  { family, design, base }: AdapterFolderModel,
): Promise<void> {
  const layout = peftLayout(family, design);
  refuseTied(layout, adapter.config.saved);
  const config = peftConfig(adapter, layout, base);
  const tensors = new Map<string, TensorToWrite>();
  for (const [name, { shape }] of Object.entries(adapter.tensors)) {
    const { theirs, transpose } = keyOf(name, adapter, layout);
    const [rows = 1, columns = 1] = shape;
    tensors.set(
      theirs,
      transpose
        ? { shape: [columns, rows], data: async () => transposed(await adapter.read(name), rows, columns) }
        : { shape, data: () => adapter.read(name) },
    );
  }
  await mkdir(folder, { recursive: true });
  await writeWhole(join(folder, 'adapter_model.safetensors'), streamSafetensors(tensors, { format: 'pt' }));
  await writeWhole(join(folder, 'adapter_config.json'), `${JSON.stringify(config, null, 2)}\n`);
}
