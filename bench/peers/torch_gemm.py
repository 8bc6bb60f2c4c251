"""PyTorch's GEMM (MKL on x86) on given shapes, GFLOP/s.

Usage: python torch_gemm.py <threads> <JSON list of {m, n, k, ta, tb}>     prints one JSON object
"""
import json
import sys
import time

import torch


def gflops(m, n, k, ta, tb):
    a = torch.randn(k, m).T if ta else torch.randn(m, k)
    b = torch.randn(n, k).T if tb else torch.randn(k, n)

    def once():
        start = time.perf_counter()
        a @ b
        return time.perf_counter() - start

    first = max(once(), 1e-6)
    times = sorted(once() for _ in range(max(3, min(30, int(0.15 / first) + 1))))
    return 2 * m * n * k / times[len(times) // 2] / 1e9


def main():
    threads, shapes = int(sys.argv[1]), json.loads(sys.argv[2])
    torch.set_num_threads(threads)
    square = {"m": 1024, "n": 1024, "k": 1024, "ta": False, "tb": False}
    for _ in range(3):  # threads start, clocks rise
        gflops(**square)
    before = gflops(**square)
    results = [gflops(**shape) for shape in shapes]
    print(json.dumps({"peer": f"torch {torch.__version__}, {threads} threads", "gflops": results, "gemm": [before, gflops(**square)]}))


main()
