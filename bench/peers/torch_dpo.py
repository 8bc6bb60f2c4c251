"""Direct preference optimisation in plain PyTorch, fp32: chosen and rejected as one padded batch, the reference in every step (a frozen copy, or the adapter off), beta 0.1.

Usage: python torch_dpo.py <folder> <full | lora> <steps> <threads>     prints one JSON object
"""
import copy
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F

from torch_step import gemm_gflops, peak_resident, resident
from torch_tuning import LowRank, log_probabilities, model_of
from tuning_problem import BATCH, SETTINGS, Clock, report, rows

BETA = 0.1


def main():
    folder, what, steps, threads = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    idle = resident()
    torch.set_num_threads(threads)
    made, model = rows(folder, steps), model_of(folder, what)
    reference = copy.deepcopy(model).requires_grad_(False) if what == "full" else model
    learnt = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(learnt, **SETTINGS, fused=True)
    before, clock, losses = gemm_gflops(), Clock(), []
    clock.start()
    for step in range(steps):
        batch = made[step * BATCH : (step + 1) * BATCH]
        prompts = [row["prompt"] for row in batch] * 2
        completions = [row["chosen"] for row in batch] + [row["rejected"] for row in batch]
        optimiser.zero_grad(set_to_none=True)
        LowRank.on = False
        with torch.no_grad():
            start = log_probabilities(reference, prompts, completions).sum(1)
        LowRank.on = True
        chosen, rejected = (log_probabilities(model, prompts, completions).sum(1) - start).chunk(2)
        loss = -F.logsigmoid(BETA * (chosen - rejected)).mean()
        loss.backward()
        nn.utils.clip_grad_norm_(learnt, 1.0)
        optimiser.step()
        losses.append(loss.item())
        clock.lap()
    peak = peak_resident()
    report(f"torch {torch.__version__} eager", made, "dpo", clock.seconds, losses, before, gemm_gflops(), idle, peak)


main()
