"""What the peers of online methods share: the prompts that bench/lib/rl-problem.mjs wrote, the reward, and the report (bench/lib/rl-report.mjs, in Python)."""
import json
import os

import torch

SETTINGS = {"lr": 1e-5, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.0}
RANK = 16


def problem(folder):
    with open(os.path.join(folder, "problem.json")) as file:
        return json.load(file)


def share_of_e(texts):
    return [0.0 if not text else text.count("e") / len(text) for text in texts]


def adapter():
    from peft import LoraConfig
    return LoraConfig(r=RANK, lora_alpha=RANK, lora_dropout=0.0, target_modules=["c_attn", "c_proj", "c_fc"], fan_in_fan_out=True, task_type="CAUSAL_LM")


def report(peer, rounds, updates, warmup, before, after, idle, peak):
    """`rounds`: of each (tokens made, tokens of the prompts fed with them, seconds of generation, seconds of all that followed)."""
    made, fed, generation, update = (sum(column) for column in zip(*rounds[warmup:]))
    count = len(rounds) - warmup
    print(json.dumps({
        "peer": peer, "made": made, "fed": fed, "generation": made / generation, "update": (made + fed) * updates / update,
        "whole": made / (generation + update), "generationMilliseconds": generation * 1000 / count, "updateMilliseconds": update * 1000 / count,
        "gemm": [before, after], "gemmOf": f"torch {torch.__version__} eager", "peakBytes": peak, "aboveIdleBytes": peak - idle,
    }))
