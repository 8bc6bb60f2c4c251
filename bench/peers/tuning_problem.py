"""What the tuning peers share: the rows and the model that bench/lib/tuning-problem.mjs wrote, the clock, and the report."""
import json
import os
import time

import torch

WARMUP, BATCH = 5, 8
SETTINGS = {"lr": 1e-4, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.0}
RANK = 16


def rows(folder, steps):
    with open(os.path.join(folder, "ids.json")) as file:
        return json.load(file)[: steps * BATCH]


def tokens_of(row, method):
    both = 2 * len(row["prompt"]) + len(row["chosen"]) + len(row["rejected"])
    return both if method == "dpo" else len(row["prompt"]) + len(row["chosen"])


def report(peer, made, method, seconds, losses, before, after, idle, peak, extra=0.0):
    """`seconds`: of each step; `extra`: what was spent before them on the rows that are timed."""
    tokens = sum(tokens_of(row, method) for row in made[WARMUP * BATCH :])
    timed = sum(seconds[WARMUP:])
    print(json.dumps({
        "peer": peer, "tokens": tokens, "microsecondsPerToken": (timed + extra) * 1e6 / tokens,
        "stepMilliseconds": timed * 1000 / len(seconds[WARMUP:]), "losses": losses, "gemm": [before, after],
        "gemmOf": f"torch {torch.__version__} eager",
        "peakBytes": peak, "aboveIdleBytes": peak - idle,
    }))


class Clock:
    """Seconds between the ends of steps: a step's batch is made within its time."""

    def __init__(self):
        self.seconds, self.last = [], None

    def start(self):
        self.last = time.perf_counter()

    def lap(self):
        now = time.perf_counter()
        self.seconds.append(now - self.last)
        self.last = now
