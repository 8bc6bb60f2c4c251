// Every loss of the family by name: options, docs and comparisons follow from this table.
import type { LossDefinition } from '../define-loss.js';
import { aotLoss } from './aot.js';
import { aotUnpairedLoss } from './aot-unpaired.js';
import { apoDownLoss } from './apo-down.js';
import { apoZeroLoss } from './apo-zero.js';
import { bcoLoss } from './bco.js';
import { bcoPairLoss } from './bco-pair.js';
import { cdpoLoss } from './cdpo.js';
import { cpoLoss } from './cpo.js';
import { discopopLoss } from './discopop.js';
import { exoLoss } from './exo.js';
import { hingeLoss } from './hinge.js';
import { ipoLoss } from './ipo.js';
import { ktoLoss } from './kto.js';
import { ncaLoss } from './nca.js';
import { orpoLoss } from './orpo.js';
import { robustLoss } from './robust.js';
import { rpoLoss } from './rpo.js';
import { sftLoss } from './sft.js';
import { sigmoidLoss } from './sigmoid.js';
import { sigmoidNormLoss } from './sigmoid-norm.js';
import { simpoLoss } from './simpo.js';
import { sppoLoss } from './sppo.js';

/** The losses by name, with their options, paper, equation and needs. */
export const losses = {
  sigmoid: sigmoidLoss,
  hinge: hingeLoss,
  ipo: ipoLoss,
  cdpo: cdpoLoss,
  robust: robustLoss,
  exo: exoLoss,
  nca: ncaLoss,
  'bco-pair': bcoPairLoss,
  'apo-zero': apoZeroLoss,
  'apo-down': apoDownLoss,
  sppo: sppoLoss,
  aot: aotLoss,
  'aot-unpaired': aotUnpairedLoss,
  discopop: discopopLoss,
  'sigmoid-norm': sigmoidNormLoss,
  sft: sftLoss,
  rpo: rpoLoss,
  simpo: simpoLoss,
  orpo: orpoLoss,
  cpo: cpoLoss,
  kto: ktoLoss,
  bco: bcoLoss,
} as const satisfies Readonly<Record<string, LossDefinition>>;
export type LossName = keyof typeof losses;
