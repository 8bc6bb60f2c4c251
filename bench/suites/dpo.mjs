// Direct preference optimisation beside TRL's DPOTrainer and a plain PyTorch script: the same model, pairs and batches; microseconds a token that is no padding, the reference's pass included.
import { tuningBench } from '../lib/tuning-bench.mjs';

/** Rows of microseconds a token, against each peer, and bytes. */
export const bench = (how) =>
  tuningBench('dpo', how, {
    'TRL, live reference': { run: (trl, args) => trl('trl_dpo.py', [...args, 'live']) },
    'TRL, precomputed reference': { shapes: ['mid'], run: (trl, args) => trl('trl_dpo.py', [...args, 'precomputed']) },
    PyTorch: { run: (trl, args) => trl('torch_dpo.py', args) },
  });
