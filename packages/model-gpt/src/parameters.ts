// Every parameter of a GPT by name, shape and initial distribution: one list that the counter, the trainer and the exporter walk.
import type { ParameterSpec } from '@ingot/contracts';
import type { GptConfig } from './config.js';

type Init = ParameterSpec['init'];
const zeros: Init = { kind: 'zeros' };
const ones: Init = { kind: 'ones' };

/** What is counted together: the token table, the position table, the untied head, and everything else. */
export type ParameterGroup = 'tokens' | 'positions' | 'head' | 'body';
/** A parameter with its group. */
export interface GptParameter extends ParameterSpec {
  readonly group: ParameterGroup;
}

/**
 * All parameters in the order of the forward pass. Matrices are (out, in).
 * Initialisation: N(0, initStd) for matrices and tables, residual projections scaled by 1/√(2L) (Radford et al. 2019, section 2.3), biases 0, norms 1.
 */
export function gptParameters(config: GptConfig): readonly GptParameter[] {
  const { width: C, hidden, vocabSize, context, layers, bias } = config;
  const normal: Init = { kind: 'normal', std: config.initStd };
  const residual: Init = {
    kind: 'normal',
    std: config.residualScaling ? config.initStd / Math.sqrt(2 * layers) : config.initStd,
  };

  const list: GptParameter[] = [];
  const put = (group: ParameterGroup, name: string, shape: readonly number[], init: Init) => {
    list.push({ group, name, shape, init });
  };
  const linear = (name: string, outputs: number, inputs: number, init: Init) => {
    put('body', `${name}.weight`, [outputs, inputs], init);
    if (bias) put('body', `${name}.bias`, [outputs], zeros);
  };
  const norm = (name: string) => {
    put('body', `${name}.weight`, [C], ones);
    if (bias) put('body', `${name}.bias`, [C], zeros);
  };

  put('tokens', 'wte.weight', [vocabSize, C], normal);
  put('positions', 'wpe.weight', [context, C], normal);
  for (let i = 0; i < layers; i++) {
    const block = `blocks.${i}`;
    norm(`${block}.norm1`);
    linear(`${block}.attention.qkv`, 3 * C, C, normal);
    linear(`${block}.attention.projection`, C, C, residual);
    norm(`${block}.norm2`);
    linear(`${block}.mlp.up`, hidden, C, normal);
    linear(`${block}.mlp.down`, C, hidden, residual);
  }
  norm('norm');
  if (!config.tied) put('head', 'head.weight', [vocabSize, C], normal);
  return list;
}
