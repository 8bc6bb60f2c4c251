"""One training step of a GPT-2-shaped model in PyTorch, timed: forward, backward, clip to norm 1, fused AdamW, tied head, tanh GELU, fp32.

Usage: python torch_step.py <case | [V,d,L,h,T,B]> <steps> <threads> <eager | compile>     prints one JSON object
GEMM GFLOP/s is measured before and after: a run counts only when both are near the machine's recorded peak.
"""
import json
import platform
import resource
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

CASES = {  # V, d, L, h, T, B
    "nano": (65, 128, 4, 4, 64, 12),
    "seed": (50257, 256, 4, 8, 128, 4),
    "mid": (65, 384, 6, 6, 256, 4),
    "gpt2": (50257, 768, 12, 12, 64, 4),
}


class Block(nn.Module):
    def __init__(self, d, h):
        super().__init__()
        self.h = h
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.qkv, self.projection = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.up, self.down = nn.Linear(d, 4 * d), nn.Linear(4 * d, d)

    def forward(self, x):
        B, T, C = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(B, T, 3, self.h, C // self.h).permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.projection(y.transpose(1, 2).reshape(B, T, C))
        return x + self.down(F.gelu(self.up(self.norm2(x)), approximate="tanh"))


class Model(nn.Module):
    def __init__(self, V, d, L, h, T):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(V, d), nn.Embedding(T, d)
        self.blocks = nn.ModuleList(Block(d, h) for _ in range(L))
        self.norm = nn.LayerNorm(d)
        for p in self.parameters():
            if p.dim() >= 2:
                nn.init.normal_(p, std=0.02)

    def forward(self, ids, targets):
        x = self.wte(ids) + self.wpe(torch.arange(ids.shape[1]))
        for block in self.blocks:
            x = block(x)
        return F.cross_entropy(F.linear(self.norm(x), self.wte.weight).flatten(0, 1), targets.flatten())


def resident():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize()


def peak_resident():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def gemm_gflops(n=1024, repeats=8):
    a, b = torch.randn(n, n), torch.randn(n, n)
    for _ in range(8):  # threads start, clocks rise
        a @ b
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        a @ b
        times.append(time.perf_counter() - start)
    return 2 * n**3 / sorted(times)[len(times) // 2] / 1e9


def main():
    case, steps, threads, mode = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    V, d, L, h, T, B = CASES.get(case) or json.loads(case)
    idle = resident()
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    model = Model(V, d, L, h, T)
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.1, fused=True)
    ids, targets = torch.randint(0, V, (B, T)), torch.randint(0, V, (B, T))
    run = torch.compile(model) if mode == "compile" else model
    before, times = gemm_gflops(), []
    for step in range(steps + 2):
        start = time.perf_counter()
        optimiser.zero_grad(set_to_none=True)
        run(ids, targets).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        if step >= 2:
            times.append((time.perf_counter() - start) * 1000)
    peak = peak_resident()
    print(json.dumps({
        "peer": f"torch {torch.__version__} {mode}", "case": case, "threads": threads, "steps": steps,
        "milliseconds": sorted(times)[len(times) // 2], "gemm": [before, gemm_gflops()],
        "peakBytes": peak, "aboveIdleBytes": peak - idle,
        "simd": torch.backends.cpu.get_cpu_capability(), "python": platform.python_version(),
    }))


if __name__ == "__main__":
    main()
