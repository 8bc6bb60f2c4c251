"""TRL's GRPOTrainer (loss dapo, beta 0.04, one update a round) with transformers' generation, fp32 on the CPU, dropout and gradient checkpointing off.

Usage: python trl_grpo.py <folder> <full | lora> <threads>     prints one JSON object
TRL 1.16 has no PPO any more, trl.experimental included, so this is the one method that it can be measured on.
"""
import os
import sys
import time

import torch
import transformers
import trl
import trl_peer
from datasets import Dataset
from trl import GRPOConfig, GRPOTrainer

from rl_problem import SETTINGS, adapter, problem, report, share_of_e
from torch_step import gemm_gflops, peak_resident, resident

idle = resident()


class Timed(GRPOTrainer):
    """Notes what is generated, and for how long."""

    def __init__(self, *others, **given):
        super().__init__(*others, **given)
        self.made = []

    def _generate_single_turn(self, prompt_ids, *others, **given):
        start = time.perf_counter()
        completion_ids, logprobs = super()._generate_single_turn(prompt_ids, *others, **given)
        self.made.append((prompt_ids, completion_ids, time.perf_counter() - start))
        return completion_ids, logprobs


class Clock(transformers.TrainerCallback):
    def __init__(self):
        self.times = []

    def on_train_begin(self, *_, **__):
        self.times.append(time.perf_counter())

    def on_step_end(self, *_, **__):
        self.times.append(time.perf_counter())


def main():
    folder, what, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
    torch.set_num_threads(threads)
    given = problem(folder)
    how, method = given["rl"], given["rl"]["methods"]["grpo"]
    rounds = how["warmup"] + how["timed"]
    model_folder = os.path.join(folder, "model")
    model = transformers.AutoModelForCausalLM.from_pretrained(model_folder, dtype=torch.float32, attn_pdrop=0.0, embd_pdrop=0.0, resid_pdrop=0.0)
    tokenizer = transformers.AutoTokenizer.from_pretrained(model_folder)
    tokenizer.pad_token = tokenizer.eos_token
    config = GRPOConfig(**{
        **trl_peer.arguments(rounds), "per_device_train_batch_size": how["answers"], "num_generations": method["generations"],
        "max_completion_length": how["tokens"], "beta": 0.04, "loss_type": "dapo", "temperature": 1.0, "shuffle_dataset": False,
        "learning_rate": SETTINGS["lr"], "train_sampling_strategy": "random",
    })
    before, clock = gemm_gflops(), Clock()
    out, sys.stdout = sys.stdout, sys.stderr  # TRL prints its logs
    trainer = Timed(
        model=model, processing_class=tokenizer, args=config, callbacks=[clock], peft_config=adapter() if what == "lora" else None,
        train_dataset=Dataset.from_list([{"prompt": prompt["prompt"]} for prompt in given["prompts"]]),
        reward_funcs=lambda completions, **_: share_of_e(completions),
    )
    trainer.train()
    sys.stdout = out
    peak = peak_resident()
    wanted = [prompt["ids"] for prompt in given["prompts"]]
    made = []
    for step, (prompts, completions, seconds) in enumerate(trainer.made):
        mine = wanted[step * method["prompts"] : (step + 1) * method["prompts"]]
        assert [list(ids) for ids in prompts] == [ids for ids in mine for _ in range(method["generations"])], f"other prompts in step {step}"
        assert all(len(ids) == how["tokens"] for ids in completions), f"an answer ended by itself in step {step}"
        whole = clock.times[step + 1] - clock.times[step]
        made.append((sum(map(len, completions)), sum(map(len, prompts)), seconds, whole - seconds))
    report(f"TRL {trl.__version__} GRPOTrainer, torch {torch.__version__}", made, method["updates"], how["warmup"], before, gemm_gflops(), idle, peak)


main()
