"""Supervised tuning in plain PyTorch, fp32: loss on the completion alone, padded batches, clip to norm 1, fused AdamW.

Usage: python torch_sft.py <folder> <full | lora> <steps> <threads>     prints one JSON object
"""
import sys

import torch
import torch.nn as nn

from torch_step import gemm_gflops, peak_resident, resident
from torch_tuning import log_probabilities, model_of
from tuning_problem import BATCH, SETTINGS, Clock, report, rows


def main():
    folder, what, steps, threads = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    idle = resident()
    torch.set_num_threads(threads)
    made, model = rows(folder, steps), model_of(folder, what)
    learnt = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(learnt, **SETTINGS, fused=True)
    before, clock, losses = gemm_gflops(), Clock(), []
    clock.start()
    for step in range(steps):
        batch = made[step * BATCH : (step + 1) * BATCH]
        optimiser.zero_grad(set_to_none=True)
        count = sum(len(row["chosen"]) for row in batch)
        loss = -log_probabilities(model, [row["prompt"] for row in batch], [row["chosen"] for row in batch]).sum() / count
        loss.backward()
        nn.utils.clip_grad_norm_(learnt, 1.0)
        optimiser.step()
        losses.append(loss.item())
        clock.lap()
    peak = peak_resident()
    report(f"torch {torch.__version__} eager", made, "sft", clock.seconds, losses, before, gemm_gflops(), idle, peak)


main()
