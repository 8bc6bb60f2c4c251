"""TRL's DPOTrainer (sigmoid, beta 0.1) on pairs as ids, fp32 on the CPU, dropout and gradient checkpointing off.

Usage: python trl_dpo.py <folder> <full | lora> <steps> <threads> <live | precomputed>     prints one JSON object
`live`: the reference runs in every step, TRL's default. `precomputed`: once before, its time counted for the rows that are timed.
"""
import sys
import time

import trl_peer
from trl_peer import Dataset, DPOConfig, DPOTrainer
from tuning_problem import BATCH, WARMUP, rows


class Given(DPOTrainer):
    """Takes rows that are ids already, as SFTTrainer does, and times the pass of the reference."""

    spent = 0.0

    def _prepare_dataset(self, dataset, *_):
        return dataset

    def _precompute_ref_logps(self, dataset, *others):
        start = time.perf_counter()
        made = super()._precompute_ref_logps(dataset, *others)
        self.spent = time.perf_counter() - start
        return made


def main():
    folder, what, steps, threads, reference = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
    made = rows(folder, steps)
    dataset = Dataset.from_list([{f"{side}_ids": row[side] for side in ("prompt", "chosen", "rejected")} for row in made])
    config = DPOConfig(**trl_peer.arguments(steps), beta=0.1, max_length=1024, precompute_ref_log_probs=reference == "precomputed")
    share = 1 - WARMUP * BATCH / len(made)
    trl_peer.run(
        f"DPOTrainer, reference {reference}", "dpo", folder, what, threads, made,
        lambda **given: Given(args=config, train_dataset=dataset, **given), extra=lambda trainer: trainer.spent * share,
    )


main()
