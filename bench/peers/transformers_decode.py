"""Greedy decoding of GPT-2 small with random weights by transformers, with its key-value cache.

Usage: python transformers_decode.py <threads> <B> <prompt> <tokens>     prints one JSON object
"""
import json
import resource
import sys
import time

import torch
import transformers

from torch_step import gemm_gflops, resident


def main():
    threads, B, prompt, tokens = (int(text) for text in sys.argv[1:])
    torch.set_num_threads(threads)
    idle = resident()
    model = transformers.GPT2LMHeadModel(transformers.GPT2Config()).eval()
    ids = torch.randint(0, 50257, (B, prompt))
    before = gemm_gflops()

    def once(count):
        start = time.perf_counter()
        with torch.no_grad():
            made = model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=count, min_new_tokens=count, do_sample=False, pad_token_id=0)
        assert made.shape[1] == prompt + count
        return time.perf_counter() - start

    once(4)
    first, whole = once(1), once(tokens)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({
        "peer": f"transformers {transformers.__version__}, torch {torch.__version__}", "prefillMilliseconds": first * 1000,
        "tokensPerSecond": B * (tokens - 1) / (whole - first), "gemm": [before, gemm_gflops()],
        "peakBytes": peak, "aboveIdleBytes": peak - idle,
    }))


main()
