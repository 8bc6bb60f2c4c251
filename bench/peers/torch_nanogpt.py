"""nanoGPT's CPU run whole, in PyTorch: 2,000 steps on tinyshakespeare, then the loss on the whole validation split.

Usage: python torch_nanogpt.py <tinyshakespeare.txt> <seed> <steps> <threads>     prints one JSON object
The model, its settings and its learning rate are those of nanogpt_cpu.py; weights and batches are drawn by the seed. Evaluation is timed with the run.
"""
import json
import resource
import sys
import time

import numpy as np
import torch
import torch.nn as nn

from nanogpt_cpu import B, L, T, Model, lr
from torch_step import gemm_gflops, resident


def main():
    path, seed, steps, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    idle = resident()
    text = open(path, encoding="utf-8").read()
    ids = {c: i for i, c in enumerate(sorted(set(text)))}
    whole = torch.tensor([ids[c] for c in text])
    cut = int(len(text) * 0.9)
    train, validation = whole[:cut], whole[cut:]
    model = Model()
    with torch.no_grad():
        for name, p in model.named_parameters():
            if p.dim() >= 2:
                nn.init.normal_(p, std=0.02 / ((2 * L) ** 0.5 if "projection" in name or "down" in name else 1))
    groups = [[p for p in model.parameters() if p.dim() >= 2], [p for p in model.parameters() if p.dim() < 2]]
    optimiser = torch.optim.AdamW(
        [{"params": groups[0], "weight_decay": 0.1}, {"params": groups[1], "weight_decay": 0.0}], lr=1e-3, betas=(0.9, 0.99), fused=True
    )
    before = gemm_gflops()
    start = time.perf_counter()
    for step in range(steps):
        at = torch.randint(len(train) - T, (B,))
        x = torch.stack([train[i : i + T] for i in at])
        y = torch.stack([train[i + 1 : i + T + 1] for i in at])
        for group in optimiser.param_groups:
            group["lr"] = lr(step, end=steps)
        optimiser.zero_grad(set_to_none=True)
        model(x, y).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
    rows = (len(validation) - 1) // T
    x, y = validation[: rows * T].view(rows, T), validation[1 : rows * T + 1].view(rows, T)
    with torch.no_grad():
        losses = [model(x[i : i + 64], y[i : i + 64]).item() * len(x[i : i + 64]) for i in range(0, rows, 64)]
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({
        "peer": f"torch {torch.__version__} eager", "seconds": seconds, "validationLoss": float(np.sum(losses)) / rows,
        "gemm": [before, gemm_gflops()], "peakBytes": peak, "aboveIdleBytes": peak - idle,
    }))


main()
