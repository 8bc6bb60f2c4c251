"""PyTorch's scaled_dot_product_attention, causal, forward and backward.

Usage: python torch_attention.py <threads> <repeats> <B> <T> <H> <D>     prints one JSON object
"""
import json
import resource
import sys
import time

import torch
import torch.nn.functional as F

from torch_step import gemm_gflops, resident


def main():
    threads, repeats, B, T, H, D = (int(text) for text in sys.argv[1:])
    torch.set_num_threads(threads)
    idle = resident()
    qkv = torch.randn(B, T, 3 * H * D, requires_grad=True)
    before, times = gemm_gflops(), []
    for i in range(repeats + 2):
        start = time.perf_counter()
        qkv.grad = None
        q, k, v = qkv.view(B, T, 3, H, D).permute(2, 0, 3, 1, 4)
        F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(B, T, H * D).sum().backward()
        if i >= 2:
            times.append((time.perf_counter() - start) * 1000)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({
        "peer": f"torch {torch.__version__}", "milliseconds": sorted(times)[len(times) // 2],
        "gemm": [before, gemm_gflops()], "peakBytes": peak, "aboveIdleBytes": peak - idle,
    }))


main()
