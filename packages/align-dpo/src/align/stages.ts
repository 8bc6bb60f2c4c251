// The methods as stages of the role `Align`: thin, over one loop. Each swaps with the others by one word.
import { Installed, one, optional, replayed, type StageEvent } from '@ingot/core';
import {
  Align,
  Device,
  Evaluator,
  Labels,
  PreferenceLoss,
  ReferenceScores,
  type BatchStatistics,
  type DesignValue,
  type ModelValue,
} from '@ingot/contracts';
import * as z from 'zod';
import type { LossDefinition } from '../define-loss.js';
import { losses } from '../losses/table.js';
import { lossValue } from '../preference-parts.js';
import { alignEstimate } from './estimate.js';
import { alignOptions, alignView, type AlignOptions, type AlignView } from './options.js';
import { align, type AlignRequest } from './run.js';

const needs = { device: Device, installed: Installed, evaluator: Evaluator };
/** A learning rate for methods that pull gently, and for those with a supervised term. TRL's defaults for large models. */
const LR = 1e-6;

type Given = Omit<AlignRequest, 'stage' | 'loss'>;
async function* aligned(
  stage: string,
  loss: AlignRequest['loss'],
  context: Given,
): AsyncGenerator<StageEvent, { model: ModelValue }, void> {
  const model = yield* align({ ...context, stage, loss });
  return context.replay === undefined ? { model } : replayed;
}
type EstimateOf = {
  readonly options: unknown;
  readonly inputs: { readonly model?: { readonly design: DesignValue } };
  readonly installed: Installed;
};
const estimate = ({ options, inputs, installed }: EstimateOf) =>
  alignEstimate(options as AlignOptions, inputs.model?.design, installed);

/** Direct preference optimisation with any installed loss. Rafailov et al. 2023, equation 7 (`loss: { use: 'sigmoid' }`). */
export const dpo = Align.stage({
  name: 'dpo',
  version: 1,
  ports: { reference: optional(ReferenceScores) },
  needs,
  options: z.strictObject({
    ...alignOptions({ lr: LR }),
    loss: one(PreferenceLoss).prefault({ use: 'sigmoid' }).describe('which loss of the family'),
    beta: z.number().positive().optional().describe("β, in place of the loss's own"),
  }),
  view: z.strictObject(alignView),
  draws: true,
  computes: true,
  replays: true,
  estimate,
  run: (context) => {
    const { loss, beta } = context.options;
    return aligned('dpo', beta === undefined ? loss : withBeta(loss, beta), context as Given);
  },
});

/** The same loss with another β wherever no schedule says one. */
const withBeta = (loss: AlignRequest['loss'], beta: number): AlignRequest['loss'] => ({
  ...loss,
  beta,
  loss: (batch, statistics, step) => loss.loss(batch, statistics, step ?? beta),
  ...(loss.statistics && { statistics: (whole, previous, step) => loss.statistics!(whole, previous, step ?? beta) }),
});

/** A loss whose options a stage can spread. */
type MethodLoss<Options extends z.ZodRawShape, S extends BatchStatistics> = LossDefinition<
  string,
  z.ZodObject<Options, z.core.$strict>,
  S
>;
/** All of a method but its name and its ports: the loop's options beside the loss's own. */
const methodOf = <Options extends z.ZodRawShape, S extends BatchStatistics>(
  name: string,
  definition: MethodLoss<Options, S>,
  lr: number,
) => ({
  version: definition.version,
  needs,
  options: z.strictObject({ ...alignOptions({ lr }), ...definition.options.shape }),
  view: z.strictObject(alignView),
  draws: true as const,
  computes: true as const,
  replays: true as const,
  estimate,
  run: (context: { readonly options: object }) =>
    aligned(name, ownLoss(definition, context.options), context as unknown as Given),
});

/** A stage of one loss of pairs, whose options stand beside the loop's: a loss of one's own becomes a method by this line. */
export const pairMethod = <const Name extends string, Options extends z.ZodRawShape, S extends BatchStatistics>(
  name: Name,
  definition: MethodLoss<Options, S>,
  { lr = LR }: { readonly lr?: number } = {},
) => Align.stage({ name, ports: { reference: optional(ReferenceScores) }, ...methodOf(name, definition, lr) });

/** The same for a loss of labels: pairs are read as labels. */
export const labelMethod = <const Name extends string, Options extends z.ZodRawShape, S extends BatchStatistics>(
  name: Name,
  definition: MethodLoss<Options, S>,
  { lr = LR }: { readonly lr?: number } = {},
) => Align.stage({ name, ports: { feedback: Labels }, ...methodOf(name, definition, lr) });

/** The loss with those of the stage's options that are its own. */
function ownLoss<Options extends z.ZodRawShape, S extends BatchStatistics>(
  definition: MethodLoss<Options, S>,
  options: object,
): AlignRequest['loss'] {
  const own = Object.fromEntries(Object.entries(options).filter(([name]) => name in definition.options.shape));
  return lossValue(definition, own as z.input<z.ZodObject<Options, z.core.$strict>>);
}
export type { AlignOptions, AlignView };

/** IPO. Azar et al. 2023, equation 17. */
export const ipo = pairMethod('ipo', losses.ipo);
/** KTO, from likes and dislikes. Ethayarajh et al. 2024, equation 7. */
export const kto = labelMethod('kto', losses.kto);
/** BCO, from likes and dislikes. Jung et al. 2024. */
export const bco = labelMethod('bco', losses.bco);
/** SimPO, without a reference. Meng et al. 2024, equation 6. */
export const simpo = pairMethod('simpo', losses.simpo);
/** ORPO, without a reference. Hong et al. 2024, equations 6 and 7. */
export const orpo = pairMethod('orpo', losses.orpo);
/** CPO, without a reference. Xu et al. 2024, equation 4. */
export const cpo = pairMethod('cpo', losses.cpo);
/** SPPO. Wu et al. 2024. */
export const sppo = pairMethod('sppo', losses.sppo);
/** RPO: DPO with a supervised term. Pang et al. 2024. */
export const rpo = pairMethod('rpo', losses.rpo);
/** APO-zero. D'Oosterlinck et al. 2024. */
export const apoZero = pairMethod('apo-zero', losses['apo-zero']);

/** Every method, each a player of `Align`. */
export const methods = [dpo, ipo, kto, bco, simpo, orpo, cpo, sppo, rpo, apoZero] as const;
