// Supervised tuning beside TRL's SFTTrainer and a plain PyTorch script: the same model, rows and batches; microseconds a token that is no padding.
import { tuningBench } from '../lib/tuning-bench.mjs';

/** Rows of microseconds a token, against each peer, and bytes. */
export const bench = (how) =>
  tuningBench('sft', how, {
    'TRL, padded': { run: (trl, args) => trl('trl_sft.py', [...args, 'padded']) },
    'TRL, padding-free': { shapes: ['mid'], run: (trl, args) => trl('trl_sft.py', [...args, 'padding-free']) },
    PyTorch: { run: (trl, args) => trl('torch_sft.py', args) },
  });
