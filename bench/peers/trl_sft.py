"""TRL's SFTTrainer on prompts and completions as ids, fp32 on the CPU, dropout and gradient checkpointing off.

Usage: python trl_sft.py <folder> <full | lora> <steps> <threads> <padded | padding-free>     prints one JSON object
"""
import sys

import trl_peer
from trl_peer import Dataset, SFTConfig, SFTTrainer
from tuning_problem import rows


def main():
    folder, what, steps, threads, layout = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
    made = rows(folder, steps)
    dataset = Dataset.from_list([
        {"input_ids": row["prompt"] + row["chosen"], "labels": [-100] * len(row["prompt"]) + row["chosen"]} for row in made
    ])
    free = layout == "padding-free"
    config = SFTConfig(**trl_peer.arguments(steps), max_length=None if free else 1024, padding_free=free)
    trl_peer.run(f"SFTTrainer, {layout}", "sft", folder, what, threads, made, lambda **given: SFTTrainer(args=config, train_dataset=dataset, **given))


main()
